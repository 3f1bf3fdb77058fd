import { alone } from "./alone";
import { type Busy, busy, busyLock } from "./busy.svelte";

export interface UpdateSettings {
  app: string;
  /** Whether nothing waits on this device. */
  isIdle?: () => boolean;
  busy?: Busy;
  reload?: () => void;
}

const LOOK_EVERY_MS = 60_000;
const TAKE_OVER_MS = 5000;

/**
 * The service worker lets the application open with no network. A new version installs silently and waits. It takes
 * over when no tab of this application is busy, a tab just opened among them, or when a person presses *Actualizar*;
 * never under somebody's hands.
 */
export class Update {
  /** A new version waits for a person. */
  isWaiting = $state(false);
  #worker: ServiceWorker | null = null;
  #busy = busy;
  #app = "";
  #isIdle: () => boolean = () => true;
  #reload: () => void = () => location.reload();
  #isAsked = false;
  #isAsking = false;
  #tookOver: () => void = () => {};

  start({ app, isIdle, busy: given, reload }: UpdateSettings): void {
    this.#app = app;
    if (isIdle) this.#isIdle = isIdle;
    if (given) this.#busy = given;
    if (reload) this.#reload = reload;
    const workers = globalThis.navigator?.serviceWorker;
    if (!workers || import.meta.env.DEV) return;
    if (workers.controller) workers.addEventListener("controllerchange", () => this.#changed());
    alone(this.#register(workers));
  }

  /** A person wants the new version now; false when something is open that would be lost. */
  apply(): boolean {
    this.#busy.handsOff();
    if (this.#busy.isBusy) return false;
    this.#isAsked = true;
    if (this.#worker) this.#worker.postMessage({ type: "SKIP_WAITING" });
    else this.#reload();
    return true;
  }

  async #register(workers: ServiceWorkerContainer): Promise<void> {
    const hadWorker = !!workers.controller;
    let registration: ServiceWorkerRegistration;
    try {
      registration = await workers.register(`/${this.#app}/sw.js`, {
        scope: `/${this.#app}/`,
        updateViaCache: "none",
      });
    } catch {
      return; // Without it the application works; it only cannot open with no network.
    }
    const found = (worker: ServiceWorker | null) => {
      if (!worker || !hadWorker) return;
      this.#worker = worker;
      this.isWaiting = true;
      alone(this.#consider());
    };
    found(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next?.addEventListener("statechange", () => next.state === "installed" && found(registration.waiting ?? next));
    });
    const look = () => {
      if (this.isWaiting) alone(this.#consider());
      else registration.update().catch(() => {}); // nobody answers: asked again in a minute
    };
    look(); // a device that has just been switched on need not wait for its first minute
    setInterval(look, LOOK_EVERY_MS);
  }

  /** Brings it in if nobody is busy here or on any other tab. */
  async #consider(): Promise<void> {
    const worker = this.#worker;
    const { locks } = globalThis.navigator;
    if (!worker || this.#isAsking || this.#busy.isBusy || !this.#isIdle()) return;
    this.#isAsking = true;
    await locks.request(busyLock(this.#app), { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      worker.postMessage({ type: "SKIP_WAITING" });
      await new Promise<void>((resolve) => {
        this.#tookOver = resolve;
        setTimeout(resolve, TAKE_OVER_MS);
      });
    });
    this.#isAsking = false;
  }

  /** Another version answers from now on. This page goes over to it at once, unless somebody is at work on it. */
  #changed(): void {
    this.#tookOver();
    this.#worker = null;
    if (this.#isAsked || !this.#busy.isBusy) this.#reload();
    else this.isWaiting = true;
  }
}

/** This tab's. */
export const update = new Update();
