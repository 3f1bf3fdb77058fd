import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Busy } from "./busy.svelte";
import { newId } from "./ids";
import { Update } from "./update.svelte";

/** A tab of one browser: its own hands, its own page, and the worker that all of them share. */
class Tab {
  readonly busy = new Busy();
  readonly update = new Update();
  reloads = 0;

  constructor(app: string, isIdle = () => true) {
    this.busy.start(app);
    this.update.start({
      app,
      isIdle,
      busy: this.busy,
      reload: () => {
        this.reloads += 1;
      },
    });
  }
}

/** The browser's workers: a new version waits, and takes over all tabs at once when it is told to. */
class Workers extends EventTarget {
  readonly controller = {};
  readonly registration = Object.assign(new EventTarget(), {
    waiting: null as null | { postMessage: () => void },
    installing: null,
    update: async () => {},
  });
  register = async () => this.registration;

  newVersion(): void {
    this.registration.waiting = {
      postMessage: () => {
        this.registration.waiting = null;
        queueMicrotask(() => this.dispatchEvent(new Event("controllerchange")));
      },
    };
  }
}

let app: string;
let workers: Workers;

beforeEach(() => {
  app = `test-${newId()}`;
  workers = new Workers();
  vi.stubEnv("DEV", false);
  vi.stubGlobal("navigator", { serviceWorker: workers, locks: navigator.locks });
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a new version reaches a device at its start, before anybody touches it", async () => {
  workers.newVersion();
  const tab = new Tab(app);
  await expect.poll(() => tab.reloads).toBe(1);
});

test("somebody at work on any tab keeps it away, and then it comes", async () => {
  const other = new Tab(app);
  other.busy.touched();
  workers.newVersion();
  const tab = new Tab(app);
  await expect.poll(() => tab.update.isWaiting).toBe(true);
  await settled(app);
  expect([tab.reloads, other.reloads]).toEqual([0, 0]);
  other.busy.handsOff();
  await settled(app);
  vi.advanceTimersByTime(60_000);
  await expect.poll(() => [tab.reloads, other.reloads]).toEqual([1, 1]);
});

test("an open editor keeps it away, also when nobody has touched anything for long", async () => {
  const tab = new Tab(app);
  const close = tab.busy.hold("menu:bife");
  workers.newVersion();
  workers.registration.dispatchEvent(new Event("updatefound"));
  const fresh = new Tab(app);
  await expect.poll(() => fresh.update.isWaiting).toBe(true);
  await settled(app);
  expect([tab.reloads, fresh.reloads]).toEqual([0, 0]);
  expect([fresh.update.apply(), tab.busy.names]).toEqual([true, ["menu:bife"]]);
  await expect.poll(() => fresh.reloads).toBe(1);
  expect([tab.reloads, tab.update.isWaiting]).toEqual([0, true]); // what is open there goes on
  expect(tab.update.apply()).toBe(false);
  close();
  expect(tab.update.apply()).toBe(true);
  expect(tab.reloads).toBe(1);
});

test("a device with something to send keeps what it has", async () => {
  workers.newVersion();
  const tab = new Tab(app, () => false);
  await expect.poll(() => tab.update.isWaiting).toBe(true);
  await settled(app);
  expect(tab.reloads).toBe(0);
});

/** Until whoever asked for the lock before has had his answer. */
async function settled(name: string): Promise<void> {
  await navigator.locks.request(`hos-busy-${name}`, { mode: "shared" }, () => {});
}
