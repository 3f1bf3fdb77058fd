import { describe, expect, it } from "vitest";
import type { DraftView, GuestLine } from "$generated/vocabulary";
import { sampleDraft } from "$lib/samples/service";
import { editsOf, linesBeside } from "./edits";
import { linkFace } from "./link";
import { currentStep, readyOf, stepsOf } from "./steps";
import { type Cart, emptyCart, joined, type Kept, nothingKept, shownDrafts, type Visit } from "./visit";
import { pickWord, reasonWord, stepWord } from "./words";

const draft = (by: Partial<DraftView> = {}) =>
  sampleDraft("12", { draft_id: "d1", visit_id: "v1", submitted_at_ms: 1000, ...by });

function ordered(
  line_id: string,
  name: string,
  modifiers: string[] = [],
  by: Partial<DraftView["lines"][number]> = {},
) {
  return {
    line_id,
    item_id: name,
    name,
    short_name: "",
    category_id: "",
    variant_id: "",
    variant_name: "",
    modifiers: modifiers.map((one) => ({ group_id: "g", modifier_id: one, name: one, price_minor: 0 })),
    quantity: 1,
    unit_minor: 100,
    gross_minor: 100,
    vat_bp: 2100,
    course: 1,
    station_id: "",
    note: "",
    allergies: [],
    seat: 0,
    draft_id: "d1",
    ...by,
  };
}

function line(line_id: string, stage: string): GuestLine {
  return { line_id, name: line_id, variant_name: "", modifiers: [], quantity: 1, gross_minor: 0, note: "", stage };
}

const asked = (line_id: string, name: string, choices: string[] = [], quantity = 1, note = "") => ({
  line_id,
  name,
  choices,
  quantity,
  note,
});

describe("where a draft stands", () => {
  const two = { lines: [ordered("l1", "Bife"), ordered("l2", "Flan")] };

  it.each([
    ["submitted", [], "received"],
    ["claimed", [], "claimed"],
    ["rejected", [], null],
    ["expired", [], null],
    ["withdrawn", [], null],
    ["confirmed", [line("l1", "confirmed"), line("l2", "confirmed")], "confirmed"],
    ["confirmed", [line("l1", "cooking"), line("l2", "confirmed")], "cooking"],
    ["confirmed", [line("l1", "ready"), line("l2", "cooking")], "cooking"],
    ["confirmed", [line("l1", "ready"), line("l2", "ready")], "ready"],
    ["confirmed", [line("other", "ready")], "confirmed"],
  ])("%s with %j is %s", (state, lines, step) => {
    expect(currentStep(draft({ state, ...two }), lines)).toBe(step);
  });

  it("marks what was reached, where it is, and when", () => {
    const steps = stepsOf(draft({ state: "claimed", claimed_at_ms: 2000 }), []);
    expect(steps.map((one) => [one.name, one.isDone, one.isCurrent, one.atMs])).toEqual([
      ["received", true, false, 1000],
      ["claimed", true, true, 2000],
      ["confirmed", false, false, 0],
      ["cooking", false, false, 0],
      ["ready", false, false, 0],
    ]);
  });

  it("counts the dishes that are ready", () => {
    const lines = [line("l1", "ready"), line("l2", "cooking"), line("other", "ready")];
    expect(readyOf(draft({ state: "confirmed", ...two }), lines)).toEqual({ ready: 1, all: 2 });
  });

  it("names who reads it", () => {
    expect(stepWord("claimed", "Ana")).toBe("Lo ve Ana");
    expect(stepWord("claimed", "")).toBe("Lo ve el mozo");
  });
});

describe("what the waiter changed", () => {
  const confirmed = (lines: DraftView["lines"], edits: [string, string][]) => ({ state: "confirmed", lines, edits });

  it("says what stood there and what stands there now", () => {
    const view = confirmed([ordered("l1", "Bife", ["Jugoso", "Puré"])], [["changed", "Bife"]]);
    expect(editsOf(view, [asked("l1", "Bife", ["Jugoso", "Papas"])])).toEqual([
      { kind: "changed", name: "Bife", before: "Papas", after: "Puré" },
    ]);
  });

  it("tells quantities, notes, dishes left out and dishes added", () => {
    const lines = [ordered("l1", "Bife", [], { quantity: 2, note: "sin sal" }), ordered("l9", "Agua")];
    const view = confirmed(lines, [["removed", "Flan"]]);
    expect(editsOf(view, [asked("l1", "Bife"), asked("l2", "Flan")])).toEqual([
      { kind: "removed", name: "Flan", before: "", after: "" },
      { kind: "quantity", name: "Bife", before: "1", after: "2" },
      { kind: "changed", name: "Bife", before: "", after: "“sin sal”" },
      { kind: "added", name: "Agua", before: "", after: "" },
    ]);
  });

  it("has the edge's words alone for another phone's draft", () => {
    const view = confirmed([], [["removed", "Flan"]]);
    expect(editsOf(view, null)).toEqual([{ kind: "removed", name: "Flan", before: "", after: "" }]);
  });

  it("is nothing before it is confirmed, or when the edge saw no change", () => {
    expect(editsOf({ state: "claimed", lines: [], edits: [] }, [asked("l1", "Bife")])).toEqual([]);
    expect(editsOf(confirmed([], []), [asked("l1", "Bife")])).toEqual([]);
  });

  it("leaves beside the drafts what the waiter took at the table", () => {
    const drafts = [draft({ lines: [ordered("l1", "Bife")] })];
    expect(linesBeside([line("l1", "ready"), line("l2", "ready")], drafts).map((one) => one.line_id)).toEqual(["l2"]);
  });
});

describe("what a phone keeps", () => {
  const visit = (visit_id: string): Visit => ({
    visit_id,
    table_label: "12",
    venue_name: "La Esquina",
    language: "es-AR",
    currency: "ARS",
    wifi_name: "",
    cover_charge_minor: 0,
    max_waiting_drafts: 3,
    paused: false,
  });
  const wish = {
    line_id: "l1",
    item_id: "bife",
    variant_id: "",
    modifier_ids: [],
    quantity: 1,
    note: "",
    allergies: [],
  };
  const chosen: Cart = { ...emptyCart(), lines: [wish] };
  const kept = (by: Partial<Kept>): Kept => ({ ...nothingKept(), visit: visit("v1"), ...by });

  it("stays when the same table is scanned again", () => {
    const before = kept({ cart: chosen, sent: { d1: chosen }, isOver: true });
    expect(joined(before, visit("v1"), 0)).toEqual({ ...before, isOver: false });
  });

  it("loses the last stay's drafts at a new table, and takes along what was just chosen", () => {
    const after = joined(kept({ cart: chosen, sent: { d1: chosen }, touchedAtMs: 1000 }), visit("v2"), 2000);
    expect([after.cart, after.sent]).toEqual([chosen, {}]);
  });

  it("does not order what yesterday's guest left in the cart", () => {
    const day = 86_400_000;
    expect(joined(kept({ cart: chosen, touchedAtMs: 0 }), visit("v2"), day).cart).toEqual(emptyCart());
  });

  it("does not take a draft's change to another table", () => {
    const changing = kept({ cart: { ...chosen, changing: "d1" }, aside: emptyCart(), touchedAtMs: 1000 });
    expect(joined(changing, visit("v2"), 2000).cart).toEqual(emptyCart());
  });

  it("shows no draft that was taken back or asked again, but for the last that this phone took back", () => {
    const back = { state: "withdrawn" };
    const drafts = [draft({ draft_id: "a", ...back }), draft({ draft_id: "b", ...back }), draft({ draft_id: "c" })];
    const view = { ...({} as NonNullable<Kept["view"]>), drafts };
    const shown = (by: Partial<Kept>) => shownDrafts({ ...kept(by), view }).map((one) => one.draft_id);
    expect(shown({ sent: { a: chosen, b: chosen } })).toEqual(["a", "c"]);
    expect(shown({ sent: {}, putAway: ["c"] })).toEqual([]);
  });
});

describe("the link mark", () => {
  it.each([
    [0, true, "live"],
    [20_000, true, "live"],
    [20_001, true, "stale"],
    [35_001, true, "no_edge"],
    [0, false, "no_edge"],
  ])("silent for %d ms, reachable %s: %s", (silentMs, isUp, face) => {
    expect(linkFace(silentMs, isUp)).toBe(face);
  });
});

describe("words", () => {
  it.each([
    ["Punto de cocción", "Elegí el punto de cocción"],
    ["Guarnición", "Elegí la guarnición"],
    ["Salsa", "Elegí la salsa"],
    ["Tamaño", "Elegí el tamaño"],
    ["Gustos", "Elegí los gustos"],
    ["Salsas", "Elegí las salsas"],
    ["Opciones", "Elegí las opciones"],
    ["Relleno", "Elegí el relleno"],
  ])("asks for %s in Spanish that people speak", (group, words) => {
    expect(pickWord(group)).toBe(words);
  });

  it("lets the waiter's own words stand alone", () => {
    expect(reasonWord("other", "Ya cerramos")).toBe("");
    expect(reasonWord("other", "")).toBe("Preguntale a quien te atiende.");
    expect(reasonWord("kitchen_closed", "x")).toBe("Cerró la cocina.");
  });
});
