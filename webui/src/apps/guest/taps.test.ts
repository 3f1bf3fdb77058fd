// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { startLanguage } from "$lib/i18n.svelte";
import App from "./App.svelte";
import { draftOf, TestPhone, VISIT, view } from "./test-phone";

const user = userEvent.setup();
let taps = 0;

/** Touches what is called so; every touch counts. */
async function tap(role: "button" | "radio", name: string | RegExp): Promise<void> {
  taps += 1;
  await user.click(await screen.findByRole(role, { name }));
}

async function opened(kept = {}): Promise<TestPhone> {
  const phone = new TestPhone({ visit: VISIT, ...kept });
  render(App, { guest: phone.guest, code: "" });
  await screen.findByRole("heading", { name: "Entradas" });
  await vi.waitFor(() => expect(document.querySelectorAll("dialog")).toHaveLength(2), { timeout: 20_000 }); // the sheets came
  return phone;
}

beforeEach(() => {
  taps = 0;
  startLanguage();
  vi.stubGlobal("scrollTo", () => {});
  // What jsdom does not draw: scrolling, and a dialog above the page.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
  Element.prototype.scrollTo = () => {};
  Element.prototype.scrollIntoView = () => {};
});

describe("a guest's taps", () => {
  it("drafts two dishes with a required option each in eight", async () => {
    const phone = await opened();
    await tap("button", "Elegir Bife de chorizo");
    await tap("radio", /Jugoso/);
    await tap("button", /^Agregar \$/);
    await tap("button", "Elegir Malbec de la casa");
    await tap("radio", /Copa/);
    await tap("button", /^Agregar \$/);
    await tap("button", /^Ver pedido/);
    await tap("button", /^Enviar al mozo/);
    await vi.waitFor(() => expect(phone.sent).toHaveLength(1));
    expect(phone.sent[0]?.body.lines).toMatchObject([
      { item_id: "bife", modifier_ids: ["side/mash", "doneness/rare"] },
      { item_id: "vino", variant_id: "glass" },
    ]);
    expect(taps).toBe(8);
  });

  it("adds what asks nothing in one, and says so aloud", async () => {
    const phone = await opened();
    await tap("button", "Agregar Provoleta");
    expect(phone.guest.kept.cart.lines).toMatchObject([{ item_id: "provoleta", quantity: 1 }]);
    expect(screen.getByText("Agregado: Provoleta. Va 1.")).toBeTruthy();
  });

  it("calls a waiter in two", async () => {
    const phone = await opened();
    await tap("button", "Llamar");
    await tap("button", "Agua");
    await vi.waitFor(() => expect(phone.sent).toMatchObject([{ name: "call_waiter", body: { reason: "water" } }]));
    expect(taps).toBe(2);
  });

  it("says what is still to be chosen instead of refusing the touch", async () => {
    const phone = await opened();
    await tap("button", "Elegir Bife de chorizo");
    await tap("button", /^Agregar \$/);
    expect((await screen.findByRole("alert")).textContent).toBe("Elegí el punto");
    expect(phone.guest.kept.cart.lines).toEqual([]);
  });
});

describe("what a guest reads", () => {
  it("sees a dish struck and not for sale as soon as it is sold out", async () => {
    const phone = await opened();
    phone.show(view({ sold_out: ["provoleta"] }));
    expect(await screen.findByText("Agotado hoy")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Agregar Provoleta" })).toBeNull();
  });

  it("follows the draft from received to ready, the step marked", async () => {
    const phone = await opened();
    await tap("button", "Agregar Provoleta");
    await tap("button", /^Ver pedido/);
    await tap("button", /^Enviar al mozo/);
    await vi.waitFor(() => expect(phone.sent).toHaveLength(1));
    const current = () => document.querySelector('[aria-current="step"]')?.textContent?.trim();
    phone.show(view({ drafts: [draftOf(phone.sent[0]!)] }));
    await vi.waitFor(() => expect(current()).toMatch(/^Recibido/));
    phone.show(view({ drafts: [draftOf(phone.sent[0]!, { state: "claimed", claimed_by_name: "Ana" })] }));
    await vi.waitFor(() => expect(current()).toMatch(/^Lo ve Ana/));
    expect(screen.queryByRole("button", { name: "Retirar" })).toBeNull();
    expect(screen.getByText(/Ana lo está revisando/)).toBeTruthy();
  });

  it("reads why it was not taken, in the waiter's words", async () => {
    const phone = await opened();
    await tap("button", "Agregar Provoleta");
    await tap("button", /^Ver pedido/);
    await tap("button", /^Enviar al mozo/);
    await vi.waitFor(() => expect(phone.sent).toHaveLength(1));
    const no = { state: "rejected", reason: "kitchen_closed", reason_note: "Mirá la carta de bar." };
    phone.show(view({ drafts: [draftOf(phone.sent[0]!, no)] }));
    expect(await screen.findByText("“Mirá la carta de bar.”")).toBeTruthy();
    expect(screen.getByText(/Cerró la cocina\./)).toBeTruthy();
  });

  it("is told that the bill was closed, and can still read the menu", async () => {
    const phone = await opened();
    phone.show(view({ is_over: true }));
    await screen.findByRole("heading", { name: "Esta cuenta ya se cerró" });
    await tap("button", "Ver la carta");
    expect(await screen.findByRole("heading", { name: "Entradas" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Agregar Provoleta" })).toBeNull();
  });

  it("reads on the bill what was given and why, also when nothing is left to pay", async () => {
    const phone = await opened();
    const line = {
      line_id: "a",
      name: "Provoleta",
      variant_name: "",
      modifiers: [],
      quantity: 1,
      gross_minor: 980_000,
    };
    const given = { adjustment_id: "g1", line_id: "a", kind: "comp", rate_bp: -10_000, amount_minor: -980_000 };
    phone.show(
      view({
        lines: [{ ...line, note: "", stage: "ready" }],
        adjustments: [
          { ...given, reason: "Se quemó" },
          { ...given, adjustment_id: "g2", line_id: "", kind: "service", rate_bp: 1000, amount_minor: 0, reason: "" },
        ],
      }),
    );
    dispatchEvent(new PopStateEvent("popstate", { state: { screen: "bill" } })); // forward, to where they were
    expect(await screen.findByText("Invitación · Se quemó")).toBeTruthy();
    expect(screen.getByText(/Servicio 10%/)).toBeTruthy();
    expect(screen.getByText("-$ 9.800")).toBeTruthy();
  });

  it("keeps the menu and hides ordering while the venue is paused", async () => {
    await opened({ visit: { ...VISIT, paused: true } });
    expect(screen.getByText("Ahora los pedidos los toma el mozo.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Agregar Provoleta" })).toBeNull();
  });

  it("hides ordering when the venue pauses during the visit, and offers it again after", async () => {
    const phone = await opened();
    phone.show(view({ is_paused: true }));
    await screen.findByText("Ahora los pedidos los toma el mozo.");
    expect(screen.queryByRole("button", { name: "Agregar Provoleta" })).toBeNull();
    phone.show(view({ is_paused: false }));
    expect(await screen.findByRole("button", { name: "Agregar Provoleta" })).toBeTruthy();
  });

  it("reads everything in English after one touch, and the page says so", async () => {
    await opened();
    await tap("button", "English");
    expect(await screen.findByRole("heading", { name: "Starters" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("en");
  });
});
