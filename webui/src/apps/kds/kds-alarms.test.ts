// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { App } from "$lib/app.svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleKitchen, sampleTicket } from "$lib/samples/kitchen";
import { sampleAttention } from "$lib/samples/service";
import { TestEar } from "$lib/test-audio";
import AppScreen from "./App.svelte";

window.matchMedia = (query) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

let app: App;
let ear: TestEar;
let seq: number;
let unmount: () => void;
const user = userEvent.setup();
const shown = () =>
  app.unsettled.filter(({ command }) => command.name === "show_tickets").map(({ command }) => command.body.ticket_ids);

function change(kind: string, key: string, view: unknown) {
  seq += 1;
  app.views.apply({ type: "views", seq, of: "o", changes: [[kind, key, view]] });
}

const fault = (by: Parameters<typeof sampleAttention>[2] = {}) =>
  sampleAttention("fault", "", {
    key: "dark:grill",
    title: "station",
    details: ["Parrilla", ""],
    fault_id: "grill",
    station_ids: ["grill"],
    ticket_ids: ["k12"],
    since_ms: Date.now(),
    appears_at_ms: Date.now(),
    ...by,
  });

async function open() {
  unmount = render(AppScreen, { props: { app } }).unmount;
  await user.click(await screen.findByRole("button", { name: /Tocar para empezar/ }));
  await screen.findByRole("heading", { level: 1, name: "Parrilla" });
}

beforeEach(async () => {
  startLanguage();
  ear = new TestEar();
  seq = 1;
  globalThis.indexedDB = new IDBFactory();
  app = await startApp({ app: "kds" });
  app.feed.start = () => undefined;
  app.outbox.stop();
  await app.session.pair({ id: "d", token: "t", role: "kds", name: "Pantalla", station_id: "grill" });
  app.views.apply({ type: "snapshot", seq: 1, of: "o", views: sampleKitchen(Date.now()) });
});
afterEach(() => {
  unmount();
  window.removeEventListener("keydown", app.keyboard.press);
  vi.useRealTimers();
});

describe("that the kitchen has a ticket", () => {
  test("is told once it is drawn here, together and once", async () => {
    const unseen = (label: string, by: object = {}) =>
      change("ticket", `k${label}`, { ...(app.views.get("ticket", `k${label}`) as object), reached: "", ...by });
    unseen("12");
    unseen("7");
    expect(shown()).toEqual([]);
    await open();
    await waitFor(() => expect(shown()).toEqual([["k12", "k7"]]));
    unseen("12", { covers: 9 });
    unseen("3", { reached: "failed" });
    await waitFor(() => expect(shown()).toEqual([["k12", "k7"], ["k3"]]));
  });

  test("is not told of another station's, nor before somebody touched the screen", async () => {
    change(
      "ticket",
      "far",
      sampleTicket("9", { ticket_id: "far", station_id: "bar", fired_at_ms: Date.now(), reached: "" }),
    );
    await open();
    await screen.findByRole("article", { name: "Comanda M12" });
    expect(shown()).toEqual([]);
    expect(app.shows).toBe("grill");
  });
});

describe("what keeps tickets from this station", () => {
  test("rings, shows them whole, and is quiet once somebody takes it", async () => {
    await open();
    expect(ear.heard("fault")).toBe(0);
    change("attention", "dark:grill", fault());
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("Parrilla no recibe comandas")).toBeTruthy();
    await waitFor(() => expect(ear.heard("fault")).toBe(1));
    await user.click(screen.getByRole("button", { name: "Parrilla no recibe comandas: ver las comandas (1)" }));
    expect(within(await screen.findByRole("dialog")).getByText("M12")).toBeTruthy();
    await user.keyboard("{Escape}");
    await user.click(await screen.findByRole("button", { name: "Parrilla no recibe comandas: me ocupo" }));
    await screen.findByText("Se ocupa Pantalla");
    expect(app.unsettled.at(-1)?.command.body).toEqual({ about: "station", fault_id: "grill" });
  });

  test("of another station is none of this one's", async () => {
    await open();
    change("attention", "dark:bar", fault({ key: "dark:bar", station_ids: ["bar"], details: ["Barra", ""] }));
    await screen.findByRole("article", { name: "Comanda M12" });
    expect(screen.queryByText("Barra no recibe comandas")).toBeNull();
    expect(ear.heard("fault")).toBe(0);
  });
});
