// @vitest-environment jsdom
import { configure, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { EdgeFrame, HelloFrame } from "$generated/vocabulary";
import { type App, startApp } from "$lib/app.svelte";
import { ask } from "$lib/asks";
import { startLanguage } from "$lib/i18n.svelte";
import { type Recorded, recorded } from "$lib/recorded";
import { staffWords } from "$lib/rejections-staff";
import { Wire } from "$lib/test-wire";
import KdsScreen from "./kds/App.svelte";
import PosScreen from "./pos/App.svelte";
import { standIns } from "./pos/test-till";
import WaiterScreen from "./waiter/App.svelte";

configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const PERMISSIONS = ["take_orders", "confirm_drafts", "answer_calls", "void_unsent", "move_checks", "charge", "drawer"];
const REVOKED = /Este equipo fue desvinculado/;
const APPS = {
  waiter: {
    Screen: WaiterScreen,
    staff: "ana",
    empty: /Todo al día/,
    live: () => screen.findAllByRole("article", { name: /No imprime: Cocina/ }),
  },
  pos: {
    Screen: PosScreen,
    staff: "caro",
    empty: /Todavía no hay mesas dibujadas/,
    live: () => screen.findAllByText(/\d+ pendientes/),
  },
  kds: {
    Screen: KdsScreen,
    staff: "",
    empty: /Tocar para empezar/,
    live: () => screen.findAllByText(/1 comanda espera/),
  },
};
type Name = keyof typeof APPS;
const names = Object.keys(APPS) as Name[];

let app: App;
let said: Recorded;
let unmount = () => {};

/** A paired screen with somebody signed in, in front of an edge that answers with these frames. */
async function open(name: Name, answer: (hello: HelloFrame) => EdgeFrame[]): Promise<void> {
  said = recorded(name);
  vi.useFakeTimers({ toFake: ["Date"], now: said.beats.live.now_ms });
  startLanguage();
  globalThis.indexedDB = new IDBFactory(); // a device that was never used
  standIns();
  vi.stubGlobal("WebSocket", Wire);
  Wire.hellos = [];
  Wire.answer = answer;
  app = await startApp({ app: name });
  app.outbox.stop(); // what is asked stays here, as with no edge
  await app.session.pair({ id: name === "pos" ? "till" : "phone", token: "t", role: name, name: "Equipo" });
  const staff_id = APPS[name].staff;
  if (staff_id)
    await app.session.unlock({ staff_id, name: "Ana", role: "cashier", permissions: PERMISSIONS, session: "s" });
  unmount = render(APPS[name].Screen, { props: { app } }).unmount;
}

afterEach(() => {
  unmount();
  app.feed.stop();
  window.removeEventListener("keydown", app.keyboard.press);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe.each(names)("%s", (name) => {
  test("shows that it loads until the edge has said something, if it needs anything to begin", async () => {
    await open(name, () => []);
    if (name === "kds") await screen.findByRole("button", { name: /Tocar para empezar/ });
    else expect((await screen.findAllByText("Cargando")).length).toBeGreaterThan(0);
    expect(screen.queryByText(REVOKED)).toBeNull();
  });

  test("says so when a venue has nothing yet", async () => {
    await open(name, () => [said.empty]);
    await screen.findByText(APPS[name].empty);
    expect(screen.queryByText("Cargando")).toBeNull();
  });

  test("is live with what the edge shows", async () => {
    await open(name, () => [said.service, said.beats.live]);
    expect((await APPS[name].live()).length).toBeGreaterThan(0);
    await expect.poll(() => app.link.face).toBe("live");
  });

  test("ages when the edge falls silent, and then says that it is gone", async () => {
    await open(name, () => [said.service]);
    await expect.poll(() => app.link.face).toBe("live");
    Wire.answer = () => [];
    vi.setSystemTime(Date.now() + 21_000);
    await expect.poll(() => app.link.face, { timeout: 5_000 }).toBe("stale");
    vi.setSystemTime(Date.now() + 15_000);
    await expect.poll(() => app.link.face, { timeout: 5_000 }).toBe("no_edge");
    if (name !== "kds") expect((await screen.findAllByText(/Sin conexión con el servidor/)).length).toBeGreaterThan(0);
    expect(app.views.all("station")).not.toEqual([]); // what was known stays
  });

  test("comes back by itself when the edge is started again, and loses nothing", async () => {
    await open(name, ({ cursor }) => [cursor === null ? said.service : said.changed]);
    await expect.poll(() => app.views.seq).toBe(said.service.seq);
    Wire.open?.say(said.byes.closing!);
    await expect.poll(() => app.views.seq, { timeout: 5_000 }).toBe(said.changed.seq);
    expect(Wire.hellos.map(({ cursor }) => cursor)).toEqual([null, said.service.seq]);
    expect([app.link.face, screen.queryByText(REVOKED)]).toEqual(["live", null]);
  });

  test("says that it was shut out, and stays away", async () => {
    await open(name, () => [said.service]);
    await expect.poll(() => app.link.face).toBe("live");
    Wire.open?.say(said.byes.device_revoked!);
    expect((await screen.findAllByText(REVOKED)).length).toBeGreaterThan(0);
    expect(Wire.hellos).toHaveLength(1);
  });

  test("says that something is stuck while the rest is shown", async () => {
    await open(name, () => [said.service, said.beats.stuck]);
    await expect.poll(() => app.link.face).toBe("stuck");
    if (name !== "kds") expect((await screen.findAllByText("Algo no se actualiza")).length).toBeGreaterThan(0);
  });
});

test("a till without a hub says nothing of the internet", async () => {
  await open("pos", () => [said.service, said.beats.live]);
  await expect.poll(() => app.link.face).toBe("live");
  expect(screen.queryByText(/internet|nube/)).toBeNull();
});

test("a till whose log the hub refuses says why and how much waits", async () => {
  await open("pos", () => [said.service, said.beats.refused]);
  await userEvent.setup().click((await screen.findAllByRole("button", { name: /La nube no recibe/ }))[0]!);
  await screen.findByText(/Esperan acá 340 registros/);
});

test("what a waiter asks without an edge is kept on the phone, and the screen says so", async () => {
  await open("waiter", () => [said.service]);
  await expect.poll(() => app.link.face).toBe("live");
  vi.setSystemTime(Date.now() + 36_000);
  await app.do(ask("set_covers", { check_id: "c1", covers: 3 }));
  await screen.findByText(/1 guardado acá/);
});

test("a refusal reads as people say it, with who and when", () => {
  const { refused } = recorded("pos").answers;
  expect(staffWords(refused.code, refused.facts)).toMatch(/^Caro cerró la cuenta 2 a las \d\d:\d\d\./);
});
