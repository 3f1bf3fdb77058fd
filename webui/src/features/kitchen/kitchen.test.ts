import { describe, expect, test } from "vitest";
import type { Command } from "$lib/outbox";
import { sampleTicket, sampleTicketLine } from "$lib/samples/kitchen";
import { SAMPLE_MENU, sampleAttention } from "$lib/samples/service";
import { isSameKey, step } from "./keys";
import { coursesOnPass, isCalled, taken } from "./pass";
import { isAlreadySo } from "./refused";
import { linesOfPart, NEAR, partsOf } from "./sizes";
import { dishesOf } from "./soldout";
import { bandOf, choicesOf, elsewhere, isMoved, shownTickets } from "./tickets";
import { totalsOf, waitingOf } from "./totals";

const line = sampleTicketLine;
const two = () => sampleTicket("4", { lines: [line("a", "Vacío", { quantity: 2 }), line("b", "Entraña")] });

function act(name: string, body: Record<string, unknown>, seq: number | null = null) {
  return { command: { id: name, name, body, asked_at_ms: 5000 } as Command, seq };
}
const bump = (seq: number | null = null) => act("bump_ticket", { ticket_id: "k4" }, seq);

describe("what was done here and is not at the edge", () => {
  test("shows a ticket done at once, and that it is kept here", () => {
    const [shown] = shownTickets([two()], [bump()]);
    expect(shown).toMatchObject({ state: "bumped", bumped_at_ms: 5000, isKept: true });
    expect(shown?.lines.map((one) => one.state)).toEqual(["bumped", "bumped"]);
  });

  test("is no longer kept here once the edge has answered", () => {
    expect(shownTickets([two()], [bump(9)])[0]).toMatchObject({ state: "bumped", isKept: false });
  });

  test("is undone by a recall asked after it", () => {
    const [shown] = shownTickets([two()], [bump(), act("recall_ticket", { ticket_id: "k4" })]);
    expect(shown).toMatchObject({ state: "open", bumped_at_ms: 0 });
  });

  test("completes a ticket with its last line", () => {
    const lines = [
      act("bump_line", { ticket_id: "k4", line_id: "a" }),
      act("bump_line", { ticket_id: "k4", line_id: "b" }),
    ];
    expect(shownTickets([two()], lines.slice(0, 1))[0]?.state).toBe("open");
    expect(shownTickets([two()], lines)[0]?.state).toBe("bumped");
  });

  test("takes what was struck off once it was seen, and the ticket with it when nothing is left", () => {
    const changed = sampleTicket("4", {
      changed_at_ms: 1,
      lines: [line("a", "Vacío", { quantity: 0, voided_quantity: 1, state: "void" }), line("b", "Entraña")],
    });
    const seen = act("see_ticket_change", { ticket_id: "k4" });
    expect(shownTickets([changed], [seen])[0]).toMatchObject({
      state: "open",
      changed_at_ms: 0,
      lines: [{ line_id: "b" }],
    });
    const all = { ...changed, lines: changed.lines.slice(0, 1) };
    expect(shownTickets([all], [seen])[0]?.state).toBe("bumped");
  });

  test("never brings back what was voided", () => {
    const voided = sampleTicket("4", {
      state: "bumped",
      lines: [line("a", "Vacío", { state: "void" }), line("b", "Flan", { state: "bumped" })],
    });
    const [shown] = shownTickets([voided], [act("recall_ticket", { ticket_id: "k4" })]);
    expect(shown?.lines.map((one) => one.state)).toEqual(["void", "open"]);
  });
});

describe("the band", () => {
  const at = (ms: number, by = {}) => bandOf(sampleTicket("4", { lines: [line("a", "Vacío")], ...by }), ms);

  test.each([
    [479_999, "calm"],
    [480_000, "first"],
    [719_999, "first"],
    [720_000, "late"],
  ])("follows the station's thresholds: %i ms is %s", (ms, band) => expect(at(ms)).toBe(band));

  test("says a change before an age, and a void before both", () => {
    expect(at(900_000, { changed_at_ms: 1 })).toBe("changed");
    expect(at(900_000, { changed_at_ms: 1, lines: [line("a", "Vacío", { state: "void" })] })).toBe("void");
  });

  test("knows a move from a void: nothing was struck", () => {
    expect(isMoved(sampleTicket("4", { changed_at_ms: 1, lines: [line("a", "Vacío")] }))).toBe(true);
    expect(isMoved(sampleTicket("4", { changed_at_ms: 1, lines: [line("a", "Vacío", { voided_quantity: 1 })] }))).toBe(
      false,
    );
  });
});

test("what is left out is told apart from what is added", () => {
  expect(choicesOf({ modifiers: ["Jugoso", "Sin cebolla", "Puré", "sin sal"] })).toEqual({
    choices: ["Jugoso", "Puré"],
    without: ["cebolla", "sal"],
  });
});

test("other stations are counted for the same fire of the same course only", () => {
  const mine = two();
  const others = [
    sampleTicket("4", { station_id: "cold", lines: [line("c", "Ensalada", { quantity: 2 })] }),
    sampleTicket("4", { station_id: "pasta", lines: [line("d", "Ravioles", { state: "bumped" })] }),
    sampleTicket("4", { station_id: "bar", course: 1, lines: [line("e", "Agua")] }),
  ];
  expect(elsewhere(mine, [mine, ...others])).toEqual([
    ["cold", 2],
    ["pasta", 0],
  ]);
});

describe("the totals", () => {
  test("count a size as a dish of its own, never among the options", () => {
    const wine = (id: string, variant: string, quantity: number, options: string[] = []) =>
      line(id, "Vino", { quantity, variant_name: variant, modifiers: [variant, ...options] });
    const lines = [wine("a", "Copa", 3, ["Con hielo"]), wine("b", "Litro", 1), wine("c", "Copa", 1)];
    expect(totalsOf([sampleTicket("7", { lines })])).toEqual([
      { name: "Vino", variant: "Copa", quantity: 4, choices: [["Con hielo", 3]] },
      { name: "Vino", variant: "Litro", quantity: 1, choices: [] },
    ]);
  });

  test("a sort called without something leaves nothing out", () => {
    const water = line("a", "Agua", { variant_name: "Sin gas", modifiers: ["Sin gas", "Sin hielo"] });
    expect(choicesOf(water)).toEqual({ choices: ["Sin gas"], without: ["hielo"] });
  });

  test("count what is still to make, with its choices, most first", () => {
    const totals = totalsOf([
      two(),
      sampleTicket("5", {
        lines: [
          line("c", "Bife", { quantity: 3, modifiers: ["Jugoso", "Sin sal"] }),
          line("d", "Vacío", { quantity: 1, modifiers: ["Cocido"] }),
          line("e", "Bife", { quantity: 1, modifiers: ["A punto"] }),
          line("f", "Flan", { state: "bumped" }),
        ],
      }),
      sampleTicket("6", { state: "bumped", lines: [line("g", "Vacío")] }),
    ]);
    expect(totals).toEqual([
      {
        name: "Bife",
        variant: "",
        quantity: 4,
        choices: [
          ["Jugoso", 3],
          ["A punto", 1],
        ],
      },
      { name: "Vacío", variant: "", quantity: 3, choices: [["Cocido", 1]] },
      { name: "Entraña", variant: "", quantity: 1, choices: [] },
    ]);
  });

  test("say what waits for its course, of this station or of all", () => {
    const waiting = [
      {
        check_id: "a",
        course: 2,
        quantities: [
          ["grill", 3],
          ["cold", 1],
        ] as [string, number][],
      },
      { check_id: "b", course: 2, quantities: [["grill", 1]] as [string, number][] },
      { check_id: "b", course: 3, quantities: [["cold", 2]] as [string, number][] },
    ];
    expect(waitingOf(waiting, "grill")).toEqual([[2, 4]]);
    expect(waitingOf(waiting, null)).toEqual([
      [2, 5],
      [3, 2],
    ]);
  });
});

describe("a long ticket is torn", () => {
  const long = sampleTicket("4", {
    lines: Array.from({ length: 12 }, (_, index) => line(`l${index}`, `Plato ${index}`)),
  });

  test("into slots that hold all of its lines, in order", () => {
    const parts = partsOf(long, NEAR);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flat()).toEqual(long.lines);
  });

  test("sooner when a change needs room for its button", () => {
    const four = Array.from({ length: 4 }, (_, index) => line(`l${index}`, `Plato ${index}`));
    expect(partsOf(sampleTicket("4", { lines: four }), NEAR)).toHaveLength(1);
    expect(partsOf(sampleTicket("4", { lines: four, changed_at_ms: 9 }), NEAR)).toHaveLength(2);
  });

  test("and says how many lines wait for a slot", () => {
    const { lines, below } = linesOfPart(long, NEAR, { part: 0, parts: 1 });
    expect(lines).toEqual(long.lines);
    expect(below).toBe(long.lines.length - partsOf(long, NEAR)[0]!.length);
  });
});

describe("the pass", () => {
  const grill = (by = {}) => sampleTicket("4", { lines: [line("a", "Bife", { quantity: 2 })], fired_at_ms: 10, ...by });
  const cold = (by = {}) =>
    sampleTicket("4", { ticket_id: "kc", station_id: "cold", fired_at_ms: 10, lines: [line("b", "Ensalada")], ...by });
  const done = { state: "bumped", lines: [line("b", "Ensalada", { state: "bumped" })] };

  test("has one row for a table's course, with what each station owes it", () => {
    const [row] = coursesOnPass([grill(), cold(done)], []);
    expect(row).toMatchObject({
      stations: [
        { stationId: "grill", done: 0, of: 2 },
        { stationId: "cold", done: 1, of: 1 },
      ],
      missing: [{ quantity: 2, name: "Bife" }],
      isReady: false,
    });
  });

  test("is ready when the edge says so, and counts from then", () => {
    const ready = sampleAttention("ready", "4", { check_id: "c4", course: 2, since_ms: 99 });
    expect(coursesOnPass([cold(done)], [ready])[0]).toMatchObject({ isReady: true, sinceMs: 99 });
  });

  test("forgets what was taken", () => {
    expect(coursesOnPass([cold(done)], [])).toEqual([]);
  });

  test("hides a row whose taking waits on this device", () => {
    const row = coursesOnPass([grill()], [])[0]!;
    expect(taken(row, [act("pick_up_course", { check_id: "c4", course: 2 })])).toBe(true);
    expect(isCalled(row, [])).toBe(false);
    expect(isCalled(row, [act("call_to_pass", { check_id: "c4", course: 2 })])).toBe(true);
    expect(taken(row, [act("pick_up_course", { check_id: "c4", course: 3 })])).toBe(false);
  });
});

test("a refusal is read only when what was asked is not so already", () => {
  const refused = (name: string, code: string) => ({ ...act(name, {}), code });
  expect(isAlreadySo(refused("bump_ticket", "ticket_bumped"))).toBe(true);
  expect(isAlreadySo(refused("recall_ticket", "ticket_open"))).toBe(true);
  expect(isAlreadySo(refused("recall_ticket", "recall_too_late"))).toBe(false);
});

test("dishes of the station, with the marks made here", () => {
  const dishes = dishesOf(SAMPLE_MENU.items, [{ item_id: "bife", name: "Bife", since_ms: 7 }], {
    stationId: "grill",
    unsettled: [act("eighty_six_item", { item_id: "flan" }), act("restore_item", { item_id: "bife" }, 3)],
  });
  const of = (id: string) => dishes.find((dish) => dish.itemId === id);
  expect(of("flan")).toMatchObject({ isOut: true, sinceMs: 5000, isKept: true });
  expect(of("bife")).toMatchObject({ isOut: false, isKept: false });
});

describe("keys", () => {
  test("learnt from a bar are known for the ones they came with", () => {
    expect(isSameKey("code:Digit3", "3")).toBe(true);
    expect(isSameKey("code:Numpad3", "3")).toBe(true);
    expect(isSameKey("code:KeyA", "a")).toBe(true);
    expect(isSameKey("code:F3", "3")).toBe(false);
    expect(isSameKey("", "")).toBe(false);
  });

  test("of a cross keep the choice on the page", () => {
    const go = (from: number | null, move: "left" | "right" | "up" | "down") =>
      step(from, { columns: 4, rows: 2, move });
    expect(go(null, "right")).toBe(0);
    expect(go(3, "right")).toBe(3);
    expect(go(2, "down")).toBe(6);
    expect(go(6, "down")).toBe(6);
    expect(go(4, "left")).toBe(4);
  });
});
