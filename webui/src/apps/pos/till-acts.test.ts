// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleDraft, sampleLine } from "$lib/samples/service";
import { TestTill } from "./test-till";

let till: TestTill;
const names = () => till.called.map(({ name }) => name);
const queued = () => till.app.unsettled.map(({ command }) => command.name);

beforeEach(async () => {
  till = await TestTill.start();
});
afterEach(() => till.unmount());

describe("a check with nothing on it", () => {
  test("is given up once it is asked, by the name of its table", async () => {
    await till.atTable("12");
    await till.press("Liberar mesa");
    const dialog = await screen.findByRole("alertdialog", { name: "¿Liberar la mesa 12?" });
    expect(within(dialog).getByText(/La cuenta 412 no tiene nada/)).toBeTruthy();
    expect(till.called).toEqual([]);
    await till.user.click(within(dialog).getByRole("button", { name: "Liberar mesa" }));
    await waitFor(() => expect(till.called[0]?.body).toEqual({ check_id: "c12" }));
    expect(names()).toEqual(["abandon_check"]);
    expect(await screen.findByRole("heading", { name: "Salón" })).toBeTruthy();
  });

  test("stays when the edge says no, and the dialog says why", async () => {
    till.answer = () => ({ outcome: "refused", code: "unsent_lines", facts: { count: 2 } });
    await till.atTable("12");
    await till.press("Liberar mesa");
    const dialog = await screen.findByRole("alertdialog");
    await till.user.click(within(dialog).getByRole("button", { name: "Liberar mesa" }));
    expect(await within(dialog).findByText("Hay 2 sin enviar. Enviá o quitá eso antes.")).toBeTruthy();
    await till.press("Cancelar");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(screen.getByRole("heading", { name: "Mesa 12" })).toBeTruthy();
  });

  test("stays while its party waits for an answer to a request", async () => {
    till.change("check", "c12", { visit_id: "v12" });
    till.change("draft", "d12", sampleDraft("12"));
    await till.atTable("12");
    const button = await screen.findByRole("button", { name: /^Liberar mesa/ });
    expect(button).toHaveProperty("disabled", true);
    expect(within(button).getByText(/Hay un pedido QR/)).toBeTruthy();
  });

  test("given up elsewhere, leaves the till at a new table and no dish on what is over", async () => {
    await till.atTable("12");
    till.app.views.apply({ type: "views", seq: 2, of: "here", changes: [["check", "c12", null]] });
    await till.user.keyboard("3{Enter}");
    await till.press(/^Agua/);
    await till.user.keyboard("{F4}");
    await waitFor(() => expect(queued()).toEqual(["open_check", "add_lines", "send_lines"]));
    const [opened] = till.app.unsettled.map(({ command }) => command.body);
    expect(opened).toMatchObject({ table_id: "t12", covers: 3 });
    expect(opened?.check_id).not.toBe("c12");
  });

  test("is no longer offered once a dish stands on it", async () => {
    await till.atTable("4");
    expect(screen.queryByRole("button", { name: /^Liberar/ })).toBeNull();
  });
});

describe("requests from phones", () => {
  test("are paused by a command, with a manager's PIN", async () => {
    await till.user.keyboard("{Control>}k{/Control}");
    const box = await screen.findByRole("combobox");
    await waitFor(() => expect(document.activeElement).toBe(box));
    await till.user.keyboard("pedidos qr{Enter}");
    await till.press("Pausar pedidos QR");
    expect(await screen.findByText("PIN de Marta")).toBeTruthy();
    expect(till.called).toEqual([]);
  });

  test("paused, are said so in the room and the queue, and taken again with one key press", async () => {
    till.unmount();
    till = await TestTill.start(["pause_drafts"]);
    till.change("venue", "venue", { drafts_paused_at_ms: Date.UTC(2026, 2, 6, 0, 40) });
    expect(await screen.findByText(/^Pedidos QR en pausa desde 21:40/)).toBeTruthy();
    await till.user.keyboard("{F3}");
    await till.press("Reanudar pedidos QR");
    await waitFor(() => expect(names()).toEqual(["resume_drafts"]));
    till.change("venue", "venue", { drafts_paused_at_ms: 0 });
    await waitFor(() => expect(screen.queryByText(/en pausa/)).toBeNull());
  });
});

describe("charging what was never fired", () => {
  const lines = [
    sampleLine("a", "Bife de chorizo", { course: 2, stage: "waiting", unit_minor: 100, gross_minor: 100 }),
    sampleLine("b", "Ravioles", { course: 2, quantity: 2, stage: "waiting", unit_minor: 100, gross_minor: 200 }),
  ];

  async function atCharge() {
    till.change("check", "c9", { lines });
    await till.atTable("9");
    await till.user.keyboard("{F8}");
    await screen.findByText("Falta marchar el 2º: 3 platos");
  }

  function refuseUntilFired() {
    till.answer = ({ name }) =>
      name === "take_payment" && !names().includes("fire_course")
        ? { outcome: "refused", code: "courses_waiting", facts: { course: 2, count: 2 } }
        : {};
  }

  test("says how many dishes wait, and fires them before anything was refused", async () => {
    await atCharge();
    await till.user.keyboard("m");
    await waitFor(() => expect(queued()).toEqual(["fire_course"]));
    await waitFor(() => expect(screen.queryByText(/^Falta marchar/)).toBeNull());
    expect(till.called).toEqual([]);
  });

  test("once refused, one button fires the course and takes the payment", async () => {
    await atCharge();
    refuseUntilFired();
    await till.user.keyboard("100000{Enter}");
    expect(await screen.findByText(/^El pago no quedó registrado/)).toBeTruthy();
    await till.press(/^Marchar 2º y cobrar \$.84\.300$/);
    await waitFor(() => expect(names()).toEqual(["take_payment", "fire_course", "take_payment"]));
    expect(till.called.at(-1)?.body).toMatchObject({ amount_minor: 8_430_000, tendered_minor: 10_000_000 });
    expect(await screen.findByText("$ 15.700")).toBeTruthy();
  });

  test("says why the course could not be fired", async () => {
    await atCharge();
    till.answer = ({ name }) => ({
      outcome: "refused",
      code: name === "take_payment" ? "courses_waiting" : "busy",
      facts: { course: 2, count: 2 },
    });
    await till.user.keyboard("{Enter}");
    await till.press(/^Marchar 2º y cobrar/);
    await waitFor(() => expect(till.called).toHaveLength(3));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).not.toMatch(/^El pago no quedó registrado/);
  });

  test("takes a dish off instead, with a reason", async () => {
    await atCharge();
    await till.press("Anular…");
    await till.press(/^2 Ravioles/);
    await till.press("Demora");
    expect(await screen.findByText("PIN de Marta")).toBeTruthy();
  });
});
