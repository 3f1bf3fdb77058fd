// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type App, startApp } from "$lib/app.svelte";
import { sampleTill } from "$lib/samples/till";
import { Tabs } from "$lib/tabs";
import { onDevice } from "$ui/start/staff";
import { type StartSettings, start } from "$ui/start/start";
import GuestScreen from "./guest/App.svelte";
import { forgetGuest, Guest } from "./guest/guest.svelte";
import PosScreen from "./pos/App.svelte";
import { standIns } from "./pos/test-till";

const LINES = [{ line_id: "l1", item_id: "bife", quantity: 2, note: "sin sal" }];
const user = userEvent.setup();
const theme = { preset: "light", device: "pos" } as const;
const real = IDBObjectStore.prototype.getAll;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  standIns();
  document.body.innerHTML = '<div id="app"></div>';
  vi.stubGlobal(
    "WebSocket",
    class {
      close() {}
    },
  ); // prettier-ignore
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A till that starts as its page does, alone in its browser. */
function startTill(more: Partial<StartSettings<{ app: App }>> = {}): void {
  const { hold: _, ...settings } = onDevice({ app: "pos" });
  start({ ...settings, theme, ...more }, PosScreen);
}

/** What Nico typed and asked on this till, before it was closed. */
async function yesterday(): Promise<void> {
  const app = await startApp({ app: "pos" });
  app.feed.start = () => undefined;
  app.outbox.stop();
  await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja 1" });
  await app.session.unlock({ staff_id: "nico", name: "Nico", role: "cashier", permissions: [], session: "s" });
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleTill(Date.now()) });
  await app.work.keep("lines:nico:t12", LINES);
  await app.do({ name: "set_covers", body: { check_id: "c1", covers: 7 } });
  await app.stop();
}

const press = async (name: string | RegExp) => user.click(await screen.findByRole("button", { name }));

/** The browser refuses its database until the returned function is called. */
function refuse(name: string): () => void {
  const factory = globalThis.indexedDB;
  const open = () => {
    throw new DOMException("not here", name);
  };
  globalThis.indexedDB = { open } as unknown as IDBFactory;
  return () => {
    globalThis.indexedDB = factory;
  };
}

test.each([
  ["SecurityError", "Este navegador no deja guardar nada"],
  ["QuotaExceededError", "No queda lugar en este equipo"],
  ["UnknownError", "No se puede leer lo guardado en este equipo"],
  ["TimeoutError", "Lo guardado en este equipo no responde"],
])("a till whose database does not open (%s) says so, and opens once it does", async (name, title) => {
  await yesterday();
  const allow = refuse(name);
  startTill();
  await screen.findByRole("heading", { level: 1, name: title });
  screen.getByText(`${name}: not here`);
  await press("Reintentar");
  await screen.findByRole("heading", { level: 1, name: title }); // and says it again
  allow();
  await press("Reintentar");
  await screen.findByRole("button", { name: /^Mostrador/ }); // Nico is still signed in
});

test("a till with no database works in memory, and says what that means", async () => {
  const allow = refuse("SecurityError");
  startTill();
  await press("Seguir sin guardar");
  await screen.findByText("Este equipo no está guardando nada");
  await screen.findByRole("heading", { level: 1, name: /Vincular/ });
  await press("Reintentar"); // it still cannot
  screen.getByText("Este equipo no está guardando nada");
  allow();
  await press("Reintentar"); // nothing to lose: it starts anew, and keeps things from here on
  await waitFor(() => expect(screen.queryByText("Este equipo no está guardando nada")).toBeNull());
});

test("of a damaged database what can be read is copied, and worked with", async () => {
  await yesterday();
  vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(function (this: IDBObjectStore, ...given) {
    if (this.name === "tray") throw new DOMException("damaged", "UnknownError");
    return real.apply(this, given);
  });
  startTill();
  await press("Copiar lo que espera");
  const { value } = screen.getByRole<HTMLTextAreaElement>("textbox");
  expect(value).toMatch(/^Lo que espera en Caja 1/);
  expect(value).toContain("covers: 7");
  expect(value).toContain("note: sin sal");
  await press("Seguir sin guardar");
  await screen.findByText("Este equipo no está guardando nada");
  await screen.findByText(/Nico/); // paired and signed in as before
});

test("who starts afresh is asked twice, and then has a new device", async () => {
  await yesterday();
  const spy = vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(() => {
    throw new DOMException("damaged", "UnknownError");
  });
  startTill();
  await press("Empezar de nuevo");
  await screen.findByText("Se borra lo que esta aplicación guardó acá.");
  spy.mockRestore();
  await press("Sí, borrar y empezar de nuevo");
  await screen.findByRole("heading", { level: 1, name: /Vincular/ });
  expect(screen.queryByText(/El navegador borró/)).toBeNull(); // a person did
});

test("a till that lost what it kept says what that was, until somebody has read it", async () => {
  await yesterday();
  globalThis.indexedDB = new IDBFactory(); // thrown away
  startTill();
  await screen.findByText(
    /El navegador borró lo que este equipo guardaba como Caja 1.*Por mandar: 1. A medio cargar: 1./,
  );
  await press("Entendido");
  await waitFor(() => expect(screen.queryByText(/El navegador borró/)).toBeNull());
});

test("what fails while it is drawn is said, and does not leave a blank page", async () => {
  await yesterday();
  let isBroken = true;
  startTill({
    open: async () => {
      const app = await startApp({ app: "pos" });
      if (isBroken)
        app.views.all = () => {
          throw new Error("a fault of ours");
        }; // prettier-ignore
      return { props: { app }, stop: () => app.stop() };
    },
  });
  await screen.findByRole("heading", { level: 1, name: "Algo falló de nuestro lado" });
  screen.getByText("Error: a fault of ours");
  isBroken = false;
  await press("Reintentar");
  await screen.findByRole("button", { name: /^Mostrador/ });
});

test("a guest's phone whose kept things are damaged opens again", async () => {
  localStorage.setItem("hos-guest", JSON.stringify({ cart: null, outbox: 7 }));
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ code: "menu_missing" }), { status: 404 }));
  vi.stubGlobal(
    "EventSource",
    class {
      close() {}
      addEventListener() {}
    },
  ); // prettier-ignore
  const open = () => ({ props: { guest: new Guest(), code: "" } });
  start({ app: "guest", theme: { preset: "light", device: "guest" }, open, forget: forgetGuest }, GuestScreen);
  await press("Empezar de nuevo");
  await press("Sí, borrar y empezar de nuevo");
  await screen.findByText("Cargando");
});

test("a second tab waits behind a word, takes over what the first one kept, and locks it with it", async () => {
  await yesterday();
  const other = new Tabs("pos", { locks: null });
  const held = await other.hold(() => {
    throw new Error("nobody else is there");
  });
  const settings = onDevice({ app: "pos" });
  start({ ...settings, theme }, PosScreen);
  await screen.findByRole("heading", { level: 1, name: "Ya está abierto en otra pestaña" });
  const taking = press("Usar acá");
  await held.given;
  const first = await startApp({ app: "pos" }); // as the other tab does it: keeps everything, locks, lets go
  await first.session.lock();
  await first.stop();
  held.release();
  await taking;
  await screen.findByText("¿Quién sos?");
  expect(screen.queryByText("Ya está abierto en otra pestaña")).toBeNull();
  other.close();
});
