// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestWaiter } from "./test-waiter";

let ana: TestWaiter;
const card = (name: RegExp) => screen.findByRole("article", { name });
const inside = (element: HTMLElement, name: string | RegExp) => within(element).getByRole("button", { name });

beforeEach(async () => {
  ana = await TestWaiter.start();
});
afterEach(() => ana.unmount());

describe("a waiter's taps", () => {
  test("one confirms an untouched draft", async () => {
    ana.open();
    await ana.touch(inside(await card(/Mesa 12, Pedido QR/), "Confirmar"));
    await waitFor(() => expect(ana.asked).toContain("confirm_draft"));
    expect(ana.taps).toBe(1);
  });

  test("three confirm it with a dish taken off", async () => {
    ana.open();
    await ana.touch(inside(await card(/Mesa 12, Pedido QR/), "Revisar"));
    await ana.press("Quitar: Empanada de carne");
    await ana.press(/^Confirmar/);
    await waitFor(() => expect(ana.lastBody("confirm_draft")?.lines).toMatchObject([{ item_id: "bife" }]));
    expect(ana.taps).toBe(3);
  });

  test("twenty-four at most take twelve lines in three courses for a table of four", async () => {
    await ana.atTable("7");
    await ana.press("4");
    for (const dish of ["Empanada", "Empanada", "Ravioles", "Agua", "Agua", "Flan", "Flan", "Flan"])
      await ana.press(new RegExp(`^${dish}`));
    await ana.press("Parrilla", "tab");
    await ana.press(/^Bife/);
    await ana.press("Jugoso");
    await ana.press(/^Milanesa/);
    await ana.press("Bebidas", "tab");
    await ana.press(/^Malbec/);
    await ana.press("Botella");
    await ana.press(/^Agua/);
    await ana.press(/^Enviar 12/);
    await waitFor(() => expect(ana.asked.slice(-3)).toEqual(["open_check", "add_lines", "send_lines"]));
    expect(ana.taps).toBeLessThanOrEqual(24);
  });

  test("one fires the next course from the queue, two from its table", async () => {
    ana.open();
    await ana.touch(inside(await card(/Mesa 4, Toca marchar/), "Marchar 3º"));
    await waitFor(() => expect(ana.lastBody("fire_course")).toMatchObject({ check_id: "c4", course: 3 }));
    expect(ana.taps).toBe(1);
    ana.unmount();
    ana = await TestWaiter.start();
    await ana.atTable("4");
    await ana.press("Marchar 3º");
    await waitFor(() => expect(ana.asked).toContain("fire_course"));
    expect(ana.taps).toBe(2);
  });

  test("three and the manager's PIN take off what was sent", async () => {
    await ana.atTable("4");
    ana.taps = 0;
    await ana.press(/Bife de chorizo/);
    await ana.press("Anular");
    await ana.press("Demora");
    await screen.findByRole("dialog", { name: /Autoriz|encargad/i });
    expect(ana.taps).toBe(3);
  });

  test("two move a party from its check", async () => {
    await ana.atTable("4");
    ana.taps = 0;
    await ana.press("Mover");
    await ana.touch(within(await screen.findByRole("dialog")).getByRole("button", { name: /^Mesa 7,/ }));
    await waitFor(() => expect(ana.lastBody("move_check")).toMatchObject({ check_id: "c4", table_id: "t7" }));
    expect(ana.taps).toBe(2);
  });

  test("two mark a favourite as sold out, and one takes it back", async () => {
    ana.open();
    await screen.findByRole("navigation");
    await ana.press(/^Buscar/);
    await ana.press("Agotado: Empanada de carne");
    await waitFor(() => expect(ana.lastBody("eighty_six_item")).toEqual({ item_id: "empanada" }));
    expect(ana.taps).toBe(2);
    await ana.press("Deshacer");
    await waitFor(() => expect(ana.lastBody("restore_item")).toEqual({ item_id: "empanada" }));
  });
});

describe("reviewing a draft", () => {
  test("says on the dish itself that it contains what somebody cannot eat", async () => {
    const draft = ana.app.views.get("draft", "d6") as object;
    ana.app.views.apply({
      type: "views",
      seq: 2,
      of: "here",
      changes: [["draft", "d6", { ...draft, allergies: ["milk"] }]],
    });
    ana.open();
    await ana.touch(inside(await card(/Mesa 6, Pedido QR/), "Revisar"));
    const dish = (await screen.findByText(/1 Provoleta/)).closest("li");
    expect(within(dish as HTMLElement).getByText("Este plato contiene leche")).toBeTruthy();
    expect(screen.getAllByText("Este plato contiene leche")).toHaveLength(1);
  });

  test("begins with as many people as phones joined, and counts anew when somebody counts", async () => {
    ana.open();
    await ana.touch(inside(await card(/Mesa 6, Pedido QR/), "Revisar"));
    expect((await screen.findByRole("button", { name: "3" })).getAttribute("aria-pressed")).toBe("true");
    await ana.press("Avisado a la mesa y a cocina");
    await ana.press("Quitar: Provoleta");
    await ana.press("4");
    await ana.press(/^Confirmar/);
    await waitFor(() => expect(ana.lastBody("confirm_draft")).toMatchObject({ covers: 4 }));
  });

  test("puts back a dish that was taken off by a slip", async () => {
    ana.open();
    await ana.touch(inside(await card(/Mesa 12, Pedido QR/), "Revisar"));
    await ana.press("Quitar: Empanada de carne");
    expect(screen.queryByText(/2 Empanada de carne/)).toBeNull();
    await ana.press("Deshacer");
    expect(screen.getByText(/2 Empanada de carne/)).toBeTruthy();
  });

  test("cannot be changed while another person has it, and says who", async () => {
    const draft = ana.app.views.get("draft", "d12") as object;
    const theirs = { state: "claimed", claimed_by: "leo", claimed_by_name: "Leo", claimed_at_ms: Date.now() };
    ana.app.views.apply({ type: "views", seq: 2, of: "here", changes: [["draft", "d12", { ...draft, ...theirs }]] });
    ana.open();
    await ana.touch(inside(await card(/Mesa 12, Pedido QR/), "Revisar"));
    expect(await screen.findByText(/^Lo está viendo Leo/)).toBeTruthy();
    expect(screen.getByText(/2 Empanada de carne/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Quitar|^Editar|^Agregar/ })).toBeNull();
    const settled = { ...theirs, state: "confirmed" };
    ana.app.views.apply({ type: "views", seq: 3, of: "here", changes: [["draft", "d12", { ...draft, ...settled }]] });
    expect(await screen.findByText("Leo ya resolvió ese pedido.")).toBeTruthy();
  });
});
