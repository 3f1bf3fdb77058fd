// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestWaiter } from "./test-waiter";

let ana: TestWaiter;
const press = (name: string | RegExp) => ana.press(name);
const atTable = (label: string) => ana.atTable(label);
const open = () => ana.open();
const unmount = () => ana.unmount();
const asked = () => ana.asked;

beforeEach(async () => {
  ana = await TestWaiter.start();
});
afterEach(() => ana.unmount());

describe("the queue", () => {
  test("confirms an untouched draft with one tap, and the card leaves", async () => {
    open();
    const card = await screen.findByRole("article", { name: /Mesa 12/ });
    await ana.user.click(within(card).getByRole("button", { name: "Confirmar" }));
    await waitFor(() => expect(asked().slice(-2)).toEqual(["confirm_draft", "send_lines"]));
    await waitFor(() => expect(screen.queryByRole("article", { name: /Mesa 12/ })).toBeNull());
  });

  test("offers only a review of a draft with an allergy, and shows it", async () => {
    open();
    const card = await screen.findByRole("article", { name: /Mesa 6/ });
    expect(within(card).getByText(/ALERGIA: maní/i)).toBeTruthy();
    expect(within(card).queryByRole("button", { name: "Confirmar" })).toBeNull();
    expect(within(card).getByRole("button", { name: "Revisar" })).toBeTruthy();
  });

  test("says that another person has it", async () => {
    const [key, view] = ana.app.views
      .entries("attention")
      .find(([, one]) => (one as { draft_id: string }).draft_id === "d12")!;
    ana.app.views.apply({
      type: "views",
      seq: 2,
      of: "here",
      changes: [["attention", key, { ...(view as object), claimed_by: "leo", claimed_by_name: "Leo" }]],
    });
    open();
    const card = await screen.findByRole("article", { name: /Mesa 12/ });
    expect(within(card).getByText(/Lo tiene Leo/)).toBeTruthy();
    expect(within(card).queryByRole("button", { name: "Confirmar" })).toBeNull();
  });
});

describe("taking back", () => {
  const ready = () => screen.queryByRole("article", { name: /Listo/ });

  test("a course picked up by mistake is back on its card, and nothing was asked", async () => {
    open();
    await ana.user.click(
      within(await screen.findByRole("article", { name: /Listo/ })).getByRole("button", { name: "Retirado" }),
    );
    expect(ready()).toBeNull();
    await press("Deshacer");
    expect(ready()).toBeTruthy();
    expect(asked()).not.toContain("pick_up_course");
  });

  test("a course picked up is told to the edge as soon as nobody looks", async () => {
    open();
    await ana.user.click(
      within(await screen.findByRole("article", { name: /Listo/ })).getByRole("button", { name: "Retirado" }),
    );
    unmount();
    await waitFor(() => expect(asked()).toContain("pick_up_course"));
    open();
    expect(ready()).toBeNull();
  });
});

describe("two checks on one table", () => {
  test("both are in sight, and an order goes to the one that is open", async () => {
    const first = ana.app.views.get("check", "c4") as object;
    const second = { ...first, check_id: "c4b", number: 420, waiter_name: "Leo", lines: [], courses: [], unsent: 0 };
    ana.app.views.apply({ type: "views", seq: 2, of: "here", changes: [["check", "c4b", second]] });
    await atTable("4");
    await press(/^Cuenta 420 · Leo/);
    await press("Pedir");
    await press(/^Agua/);
    await press(/^Enviar 1/);
    await waitFor(() => expect(ana.lastBody("add_lines")).toMatchObject({ check_id: "c4b" }));
    await waitFor(() => expect(history.state.trail).toMatchObject([{ screen: "table", checkId: "c4b" }]));
    expect(asked()).not.toContain("open_check");
  });
});

describe("taking an order", () => {
  test("a free table asks how many, and one request opens, adds and sends", async () => {
    await atTable("7");
    await press("4");
    await press(/^Empanada/);
    await press(/^Empanada/);
    await press(/^Agua/);
    await press(/^Enviar 3/);
    await waitFor(() => expect(asked().slice(-3)).toEqual(["open_check", "add_lines", "send_lines"]));
    const [opened, added] = ana.app.unsettled.slice(-3).map(({ command }) => command.body);
    expect(opened).toMatchObject({ table_id: "t7", covers: 4 });
    expect(added).toMatchObject({
      lines: [
        { item_id: "empanada", quantity: 2 },
        { item_id: "agua", quantity: 1 },
      ],
    });
  });

  test("a missing choice names itself in the button and sends nothing until it is made", async () => {
    await atTable("3");
    await press("2");
    await press(/^Bife/);
    const before = asked().length;
    await press(/^Falta: Punto/);
    expect(asked()).toHaveLength(before);
    await press(/Jugoso/);
    await press(/^Enviar 1/);
    await waitFor(() => expect(asked()).toHaveLength(before + 3));
  });

  test("what was typed and not sent is there on coming back; with nothing typed there is no Send", async () => {
    await atTable("1");
    await press("2");
    expect(screen.queryByRole("button", { name: /^Enviar/ })).toBeNull();
    await press(/^Flan/);
    await waitFor(async () => expect(await ana.app.work.under("lines:ana:t1")).toHaveLength(1));
    unmount();
    open(); // a reload comes back to the same screen
    await press("2");
    expect(await screen.findByRole("button", { name: /^Enviar 1/ })).toBeTruthy();
  });

  test("what was typed and left shows on its table, in the room and above the queue", async () => {
    await atTable("1");
    await press("2");
    await press(/^Flan/);
    await press("Volver");
    expect(screen.getByRole("button", { name: /^Mesa 1, 1 sin enviar/ })).toBeTruthy();
    await press(/^Pendientes/);
    expect(screen.getByText("Tenés 1 sin enviar")).toBeTruthy();
    await press("Mesa 1: 1 sin enviar");
    await press("2");
    expect(await screen.findByRole("button", { name: /^Enviar 1/ })).toBeTruthy();
  });

  test("a line taken off a request cannot be put back once it was confirmed", async () => {
    open();
    const card = await screen.findByRole("article", { name: /Mesa 12/ });
    await ana.user.click(within(card).getByRole("button", { name: "Revisar" }));
    await ana.user.click((await screen.findAllByRole("button", { name: /^Quitar/ }))[0]!);
    expect(screen.getByRole("button", { name: "Deshacer" })).toBeTruthy();
    await press(/^Confirmar/);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Deshacer" })).toBeNull());
  });

  test("what was sent by a slip comes off the check and is typed again", async () => {
    await atTable("7");
    await press("4");
    await press(/^Empanada/);
    await press(/^Enviar 1/);
    await ana.user.click(await screen.findByRole("button", { name: "Deshacer" }));
    await waitFor(() => expect(asked().slice(-2)).toEqual(["send_lines", "void_line"]));
    const [sent = {}, taken] = ana.app.unsettled.slice(-2).map(({ command }) => command.body);
    expect(taken).toMatchObject({ line_id: (sent.line_ids as string[])[0], quantity: 1, reason: "" });
    expect(await screen.findByRole("button", { name: /^Enviar 1/ })).toBeTruthy();
  });

  test("what is sold out is shown struck and takes no tap", async () => {
    await atTable("7");
    await press("2");
    await ana.user.click(screen.getByRole("tab", { name: "Entradas" }));
    const tile = screen.getByRole("button", { name: /Provoleta/ });
    expect(tile).toHaveProperty("disabled", true);
    expect(within(tile).getByText("Agotado")).toBeTruthy();
  });
});
