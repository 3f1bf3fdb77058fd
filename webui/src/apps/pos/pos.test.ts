// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CheckView, TakePayment, ViewsFrame } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { amount } from "$lib/money";
import type { Ask, Called, Command } from "$lib/outbox";
import { sampleLine } from "$lib/samples/service";
import { sampleTill } from "$lib/samples/till";
import AppScreen from "./App.svelte";
import { standIns } from "./test-till";

const PERMISSIONS = ["take_orders", "confirm_drafts", "answer_calls", "void_unsent", "move_checks", "charge", "drawer"];

standIns();

let app: App;
let unmount: () => void;
/** What was asked at once, and what the edge answers next. */
let called: Command[];
let answer: (command: Command) => Called;
const user = userEvent.setup();
const queued = () => app.unsettled.map(({ command }) => command.name);
const done = (command: Command): Called => ({
  state: "answered",
  answers: [{ id: command.id, outcome: "done", seq: 1 }],
});
const unheard = (command: Command): Called => ({
  state: "unknown",
  doubt: { id: command.id, commands: [command], at_ms: 0 },
});

/** An edge that answers what it is told to: no network in here. */
async function callNow(asks: Ask | Ask[] | Command[]): Promise<Called> {
  const list = (Array.isArray(asks) ? asks : [asks]) as (Ask | Command)[];
  const commands = list.map((one) => ("asked_at_ms" in one ? one : app.outbox.prepare(one)[0]!));
  called.push(...commands);
  return answer(commands[0]!);
}

beforeEach(async () => {
  startLanguage();
  globalThis.indexedDB = new IDBFactory(); // a till that was never used
  called = [];
  answer = done;
  app = await startApp({ app: "pos" });
  app.feed.start = () => undefined; // the views below are all this screen is told
  app.outbox.stop();
  app.outbox.callNow = callNow;
  await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
  await app.session.unlock({ staff_id: "nico", name: "Nico", role: "cashier", permissions: PERMISSIONS, session: "s" });
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleTill(Date.now()) });
  unmount = render(AppScreen, { props: { app } }).unmount;
});

afterEach(() => unmount());

describe("by keyboard", () => {
  test("a number and Enter open a table, and Escape goes back to the room", async () => {
    await user.keyboard("4");
    expect(await screen.findByText("Mesa 4 ↵")).toBeTruthy();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { name: "Mesa 4" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("heading", { name: "Salón" })).toBeTruthy();
  });

  test("a table that is not there is said, and nothing opens", async () => {
    await user.keyboard("88{Enter}");
    expect(await screen.findByText("No hay mesa 88")).toBeTruthy();
  });

  test("the palette opens anywhere, and a few letters and Enter run a command", async () => {
    await user.keyboard("{F1}");
    await user.keyboard("{Control>}k{/Control}");
    const box = await screen.findByRole("combobox");
    await waitFor(() => expect(document.activeElement).toBe(box));
    await user.keyboard("mesa 7{Enter}");
    expect(await screen.findByRole("heading", { name: "Mesa 7" })).toBeTruthy();
  });

  test("a counter sale: one key, dishes, a quantity after *, and one key to charge", async () => {
    await user.keyboard("{F1}");
    await user.click(await screen.findByRole("button", { name: /^Agua/ }));
    await user.keyboard("*3{Enter}");
    await user.keyboard("{F8}");
    await waitFor(() => expect(queued()).toEqual(["open_check", "add_lines", "send_lines"]));
    const [opened, added] = app.unsettled.map(({ command }) => command.body);
    expect(opened).toMatchObject({ kind: "counter", table_id: "" });
    expect(added).toMatchObject({ lines: [{ item_id: "agua", quantity: 3 }] });
  });

  test("what is sent at the counter stays in front, and more goes on the same check", async () => {
    await user.keyboard("{F1}");
    await user.click(await screen.findByRole("button", { name: /^Agua/ }));
    await user.keyboard("{F4}");
    await waitFor(() => expect(queued()).toHaveLength(3));
    await user.click(await screen.findByRole("button", { name: /^Flan/ }));
    await user.keyboard("{F4}");
    await waitFor(() => expect(queued()).toHaveLength(5));
    expect(queued().slice(3)).toEqual(["add_lines", "send_lines"]);
    expect(new Set(app.unsettled.map(({ command }) => command.body.check_id)).size).toBe(1);
  });

  test("a check with a name stands on no table", async () => {
    await user.click(await screen.findByRole("button", { name: "Cuenta con nombre" }));
    await user.type(await screen.findByRole("textbox", { name: "A nombre de" }), "Julia{Enter}");
    expect(await screen.findByRole("heading", { name: "Julia" })).toBeTruthy();
    await user.click(await screen.findByRole("button", { name: /^Agua/ }));
    await user.keyboard("{F4}");
    await waitFor(() => expect(queued()).toHaveLength(3));
    expect(app.unsettled[0]?.command.body).toMatchObject({ kind: "tab", name: "Julia", table_id: "" });
  });

  test("another check at a table asks how many, and leaves the first one alone", async () => {
    await user.keyboard("4{Enter}");
    await user.click(await screen.findByRole("button", { name: "Otra cuenta en esta mesa" }));
    await user.keyboard("2{Enter}");
    await user.click(await screen.findByRole("button", { name: /^Agua/ }));
    await user.keyboard("{F4}");
    await waitFor(() => expect(queued()).toEqual(["open_check", "add_lines", "send_lines"]));
    const [opened, added] = app.unsettled.map(({ command }) => command.body);
    expect(opened).toMatchObject({ kind: "table", table_id: "t4", covers: 2 });
    expect(added?.check_id).toBe(opened?.check_id);
    expect(opened?.check_id).not.toBe("c4");
  });

  test("Delete takes a sent line off only with a reason, and then a manager's PIN", async () => {
    await user.keyboard("4{Enter}");
    const lines = await screen.findByRole("region", { name: "Tiempo 2" });
    within(lines).getAllByRole("button", { name: /Bife/ })[0]!.focus();
    await user.keyboard("{Delete}");
    await user.click(await screen.findByRole("button", { name: "Demora" }));
    expect(await screen.findByText("PIN de Marta")).toBeTruthy();
    expect(called).toEqual([]);
    expect(queued()).not.toContain("void_line");
  });

  test("a second Enter in the search box adds no dish", async () => {
    await user.keyboard("{F1}/");
    await user.keyboard("flan{Enter}{Enter}");
    await user.keyboard("{F4}");
    await waitFor(() => expect(queued()).toContain("add_lines"));
    const added = app.unsettled.find(({ command }) => command.name === "add_lines");
    expect(added?.command.body).toMatchObject({ lines: [{ item_id: "flan", quantity: 1 }] });
  });

  test("the search box takes a quantity, and Escape leaves it before it leaves the sale", async () => {
    await user.keyboard("{F1}/");
    await user.keyboard("flan{Enter}*3{Enter}");
    const box = await screen.findByRole("searchbox", { name: "Buscar nombre o código" });
    expect((box as HTMLInputElement).value).toBe("");
    expect(await screen.findByRole("button", { name: "Enviar 3" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(document.activeElement).toBe(document.body);
    expect(screen.getByRole("heading", { name: "Mostrador · cuenta nueva" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("heading", { name: "Salón" })).toBeTruthy();
  });

  test("a required choice is answered from the keyboard, and the search box has it again", async () => {
    await user.keyboard("{F1}/");
    await user.keyboard("bife{Enter}");
    await waitFor(() => expect(document.activeElement?.textContent).toContain("Jugoso"));
    await user.keyboard("{ArrowRight}{Enter}");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("searchbox")));
    expect(screen.getByRole("button", { name: "Enviar 1" })).toBeTruthy();
  });

  test("to charge a dish that lacks a choice goes to that choice", async () => {
    await user.keyboard("{F1}");
    await user.click(await screen.findByRole("button", { name: /^Bife/ }));
    await user.keyboard("{F8}");
    await waitFor(() => expect(document.activeElement?.textContent).toContain("Jugoso"));
    expect(queued()).toEqual([]);
  });

  test("thirty of a dish are asked for once more", async () => {
    await user.keyboard("{F1}");
    await user.click(await screen.findByRole("button", { name: /^Agua/ }));
    await user.keyboard("*30{Enter}");
    expect(await screen.findByRole("alertdialog", { name: /¿30 Agua/ })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Enviar 1" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Sí, 30" }));
    expect(await screen.findByRole("button", { name: "Enviar 30" })).toBeTruthy();
  });

  test("arrows walk the check, and Delete takes what they stand on", async () => {
    await user.keyboard("{F1}");
    await user.click(await screen.findByRole("button", { name: /^Agua/ }));
    await user.click(await screen.findByRole("button", { name: /^Flan/ }));
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("{ArrowDown}{Delete}{F4}");
    await waitFor(() => expect(queued()).toContain("add_lines"));
    const added = app.unsettled.find(({ command }) => command.name === "add_lines");
    expect(added?.command.body).toMatchObject({ lines: [{ item_id: "flan" }] });
  });
});

describe("charging", () => {
  async function atCharge() {
    await user.keyboard("9{Enter}");
    await screen.findByRole("heading", { name: "Mesa 9" });
    await user.keyboard("{F8}");
    await screen.findByRole("button", { name: /^Cobrar \$/ });
  }

  test("cash: what was handed over and Enter; the change stays until the next sale", async () => {
    await atCharge();
    await user.keyboard("100000{Enter}");
    await waitFor(() => expect(called).toHaveLength(1));
    expect(called[0]?.body).toMatchObject({
      check_id: "c9",
      tender: "cash",
      amount_minor: 8_430_000,
      tendered_minor: 10_000_000,
      tip_minor: 0,
    });
    expect(await screen.findByText("$ 15.700")).toBeTruthy();
    await user.keyboard("{Enter}");
    expect(await screen.findByText(/Vuelto Mesa 9: \$ 15.700/)).toBeTruthy();
  });

  test("tip, parts and receipt have keys", async () => {
    await atCharge();
    await user.keyboard("pdt");
    for (const name of ["10 %", "1/2", "Sin ticket"])
      expect(screen.getByRole("button", { name, pressed: true })).toBeTruthy();
    await user.keyboard("p500{Escape}{Enter}");
    await waitFor(() => expect(called[0]?.body).toMatchObject({ tip_minor: 50_000, wants_receipt: false }));
  });

  test("less than is owed pays a part, and the rest is still owed", async () => {
    await atCharge();
    await user.keyboard("30000{Enter}");
    await waitFor(() => expect(called[0]?.body).toMatchObject({ amount_minor: 3_000_000, tendered_minor: 3_000_000 }));
    expect(await screen.findByText("Falta cobrar $ 54.300")).toBeTruthy();
  });

  test("a card needs the number of its slip; the tip goes apart", async () => {
    await atCharge();
    await user.keyboard("{F11}");
    await user.click(await screen.findByRole("button", { name: "10 %" }));
    expect(screen.getByRole("button", { name: /^Cobrar \$/ })).toHaveProperty("disabled", true);
    await user.type(screen.getByRole("textbox", { name: /comprobante/ }), "4512{Enter}");
    await waitFor(() => expect(called).toHaveLength(1));
    expect(called[0]?.body).toMatchObject({
      tender: "card",
      amount_minor: 8_430_000,
      tip_minor: 843_000,
      reference: "4512",
    });
  });

  test("in doubt: nothing else is charged, and asking again is the same payment", async () => {
    await atCharge();
    answer = unheard;
    app.outbox.doubts = async () => (called.length === 1 ? [{ id: called[0]!.id, commands: called, at_ms: 0 }] : []);
    await user.keyboard("{Enter}");
    expect(await screen.findByText(/No sabemos si entró el pago de \$ 84.300/)).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Cobrar \$/ })).toHaveProperty("disabled", true);
    answer = done;
    await user.click(screen.getByRole("button", { name: "Consultar ahora" }));
    await waitFor(() => expect(called).toHaveLength(2));
    expect(called[1]).toEqual(called[0]);
    expect(await screen.findByText("Cuenta cobrada")).toBeTruthy();
  });

  test("a payment that the check has shows its change, though its answer was lost", async () => {
    await atCharge();
    answer = unheard;
    app.outbox.doubts = async () =>
      called.length > 0 ? [{ id: called[0]!.id, commands: [called[0]!], at_ms: 0 }] : [];
    await user.keyboard("100000{Enter}");
    await screen.findByText(/No sabemos si entró el pago de \$ 84.300/);
    const check = app.views.get("check", "c9") as CheckView;
    const { payment_id, amount_minor, tendered_minor = 0 } = called[0]!.body as unknown as TakePayment;
    const figures = { tip_minor: 0, change_minor: tendered_minor - amount_minor, reference: "", taken_at_ms: 1 };
    const payment = { payment_id, tender: "cash", amount_minor, tendered_minor, ...figures };
    const paid = { ...check, state: "closed", balance_minor: 0, payments: [payment] };
    app.views.apply({ type: "views", seq: 2, of: "here", changes: [["check", "c9", paid]] });
    expect(await screen.findByText("$ 15.700")).toBeTruthy();
    expect(screen.getByText("Cuenta cobrada")).toBeTruthy();
  });

  test("far more than is owed is asked about once", async () => {
    await atCharge();
    await user.keyboard("8430000{Enter}");
    expect(await screen.findByRole("alertdialog", { name: /8\.430\.000\?/ })).toBeTruthy();
    expect(called).toEqual([]);
  });

  test("with no edge nothing can be charged, and the button says why", async () => {
    await atCharge();
    app.link = { ...app.link, face: "no_edge" };
    const button = await screen.findByRole("button", { name: /^Cobrar \$/ });
    await waitFor(() => expect(button).toHaveProperty("disabled", true));
    expect(within(button).getByText("Necesita conexión con el servidor.")).toBeTruthy();
  });

  /** A check with something given: its figures as the edge makes them. */
  function adjusted(by: Partial<CheckView>, drawer: ViewsFrame["changes"] = []): void {
    const check = app.views.get("check", "c9") as CheckView;
    app.views.apply({ type: "views", seq: 2, of: "here", changes: [["check", "c9", { ...check, ...by }], ...drawer] });
  }
  const given = { adjustment_id: "a1", rate_bp: 0, by_name: "", approved_by_name: "", given_at_ms: 1 };

  test("what was given stands with its line and before the total, and the column adds up", async () => {
    const check = app.views.get("check", "c9") as CheckView;
    const first = sampleLine("a", "Ojo de bife", { unit_minor: 2_000_000, gross_minor: 2_000_000 });
    const comp = {
      ...given,
      kind: "comp",
      line_id: first.line_id,
      amount_minor: -first.gross_minor,
      reason: "Se quemó",
    };
    const off = {
      ...given,
      adjustment_id: "a2",
      kind: "discount",
      line_id: "",
      rate_bp: -1000,
      amount_minor: -400_000,
      reason: "Demora",
    };
    const adjustments_minor = comp.amount_minor + off.amount_minor;
    adjusted({
      lines: [{ ...first, adjustments: [comp] }],
      adjustments: [off],
      adjustments_minor,
      total_minor: check.total_minor + adjustments_minor,
      balance_minor: check.balance_minor + adjustments_minor,
    });
    await user.keyboard("9{Enter}");
    await screen.findByRole("heading", { name: "Mesa 9" });
    expect(screen.getByText("Invitación · Se quemó")).toBeTruthy();
    expect(screen.getByText(/Descuento 10%/)).toBeTruthy();
    const subtotal = screen.getByText("Subtotal").nextElementSibling?.textContent;
    const total = check.total_minor + adjustments_minor;
    expect(subtotal).toBe(amount(total - check.cover_charge_minor - off.amount_minor));
    await user.keyboard("{F8}");
    const owed = await screen.findByRole("region", { name: "Saldo" });
    const texts = within(owed)
      .getAllByRole("listitem")
      .map((one) => one.textContent ?? "");
    expect(
      texts.some((text) => text.includes("Invitación · Se quemó") && text.includes(amount(comp.amount_minor))),
    ).toBe(true);
    expect(texts.some((text) => text.includes("Descuento 10% · Demora") && text.includes("-4.000"))).toBe(true);
  });

  test("a check that was given away is closed with no drawer and no slip", async () => {
    adjusted(
      { lines: [sampleLine("a", "Ojo de bife")], total_minor: 0, balance_minor: 0, adjustments_minor: -8_430_000 },
      [["drawer", "s1", null]],
    );
    await user.keyboard("9{Enter}");
    await screen.findByRole("heading", { name: "Mesa 9" });
    await user.keyboard("{F8}");
    await screen.findByRole("button", { name: /^Cobrar \$/ });
    await user.keyboard("{Enter}");
    await waitFor(() => expect(called.map((one) => one.name)).toEqual(["take_payment"]));
    expect(called[0]?.body).toMatchObject({ amount_minor: 0, tip_minor: 0, reference: "" });
  });

  test("with no open drawer there is only opening one", async () => {
    app.views.apply({ type: "views", seq: 2, of: "here", changes: [["drawer", "s1", null]] });
    await user.keyboard("9{Enter}");
    await screen.findByRole("heading", { name: "Mesa 9" });
    await user.keyboard("{F8}");
    expect(await screen.findByRole("heading", { name: "Abrir caja" })).toBeTruthy();
    await user.keyboard("40000{Enter}");
    await waitFor(() => expect(called.map((one) => one.name)).toEqual(["open_drawer"]));
    expect(called[0]?.body).toMatchObject({ drawer_id: "caja", float_minor: 4_000_000 });
  });
});
