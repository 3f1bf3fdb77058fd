// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { App } from "$lib/app.svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleKitchen } from "$lib/samples/kitchen";
import AppScreen from "./App.svelte";

window.matchMedia = (query) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

let app: App;
let unmount: () => void;
const user = userEvent.setup();
const asked = () => app.unsettled.map(({ command }) => [command.name, command.body.ticket_id ?? command.body.item_id]);
const press = (name: string | RegExp) => user.click(screen.getAllByRole("button", { name })[0]!);

async function open() {
  unmount = render(AppScreen, { props: { app } }).unmount;
  await user.click(await screen.findByRole("button", { name: /Tocar para empezar/ }));
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  startLanguage();
  globalThis.indexedDB = new IDBFactory(); // a device that was never used
  app = await startApp({ app: "kds" });
  app.feed.start = () => undefined; // the views below are all this screen is told
  app.outbox.stop();
  await app.session.pair({ id: "d", token: "t", role: "kds", name: "Pantalla", station_id: "grill" });
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleKitchen(Date.now()) });
});

afterEach(() => {
  unmount();
  window.removeEventListener("keydown", app.keyboard.press);
  vi.useRealTimers();
});

describe("the board", () => {
  test("shows the station it was paired for, allergies before anything else", async () => {
    await open();
    await screen.findByRole("heading", { level: 1, name: "Parrilla" });
    const { textContent } = await screen.findByRole("article", { name: "Comanda M12" });
    expect(textContent).toMatch(/ALERGIA: MANÍ.*Bife chorizo.*también: Fríos 1/s);
  });

  test("a key says that its ticket is done, and the same key brings it back", async () => {
    await open();
    await screen.findByRole("article", { name: "Comanda M12" });
    await user.keyboard("1");
    await screen.findByRole("button", { name: "Recuperar M12" });
    expect(asked()).toEqual([["bump_ticket", "k12"]]);
    vi.setSystemTime(Date.now() + 1000);
    await user.keyboard("1");
    await screen.findByRole("article", { name: "Comanda M12" });
    expect(asked().map(([name]) => name)).toEqual(["bump_ticket", "recall_ticket"]);
  });

  test("a slip on the same key is not a second wish", async () => {
    await open();
    await screen.findByRole("article", { name: "Comanda M12" });
    await user.keyboard("11");
    await screen.findByRole("button", { name: "Recuperar M12" });
    expect(asked()).toEqual([["bump_ticket", "k12"]]);
  });

  test("a change is read before the ticket can be done", async () => {
    await open();
    await screen.findByRole("article", { name: "Comanda M7" });
    await user.keyboard("3");
    await waitFor(() => expect(asked()).toEqual([["see_ticket_change", "k7"]]));
    expect(within(screen.getByRole("article", { name: "Comanda M7" })).queryByText("1 Vacío")).toBeNull();
  });

  test("a tap on a dish says that it is made", async () => {
    await open();
    await screen.findByRole("article", { name: "Comanda M3" });
    await press(/2 Vacío, A punto: listo/);
    await waitFor(() => expect(asked()).toEqual([["bump_line", "k3"]]));
  });
});

test("A and a dish mark it sold out", async () => {
  await open();
  await screen.findByRole("article", { name: "Comanda M12" });
  await user.keyboard("a");
  await user.click(await screen.findByRole("button", { name: "Entraña: marcar agotado" }));
  await screen.findByRole("button", { name: "Entraña, agotado: volvió" });
  expect(asked()).toEqual([["eighty_six_item", "i5"]]);
});

test("a screen of no station asks which one it shows", async () => {
  await app.session.pair({ id: "d", token: "t", role: "kds", name: "Pantalla" });
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleKitchen(Date.now()) });
  await open();
  await press("Fríos");
  const ticket = await screen.findByRole("article", { name: "Comanda M12" });
  within(ticket).getByText("Ensalada mixta");
});
