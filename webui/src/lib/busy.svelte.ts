import { alone } from "./alone";

const HANDS = "hands";
const HANDS_MS = 10 * 60_000;

/** The lock that each tab with something half done shares: who wants to bring in a new version asks for it alone. */
export function busyLock(app: string): string {
  return `hos-busy-${app}`;
}

/**
 * What must not be interrupted on this tab: an open editor, work that is only in memory, a hand that touched the
 * screen minutes ago. While there is anything, no tab of this application brings in a new version by itself.
 */
export class Busy {
  /** What is open, without the hands. */
  names = $state.raw<readonly string[]>([]);
  readonly #held = new Map<string, number>();
  #app = "";
  #free: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Nothing may be interrupted from here on until the returned function is called: an editor holds it while it is open. */
  hold(name: string): () => void {
    let isHeld = true;
    this.#count(name, 1);
    return () => {
      if (isHeld) this.#count(name, -1);
      isHeld = false;
    };
  }

  get isBusy(): boolean {
    return this.#held.size > 0;
  }

  /** Follows the hands on this screen. A start counts as idle: nobody has touched anything. Returns a way to stop. */
  start(app: string): () => void {
    this.#app = app;
    for (const sign of ["pointerdown", "keydown"]) globalThis.addEventListener?.(sign, this.touched, true);
    return () => {
      for (const sign of ["pointerdown", "keydown"]) globalThis.removeEventListener?.(sign, this.touched, true);
      this.handsOff();
    };
  }

  readonly touched = (): void => {
    clearTimeout(this.#timer);
    if (!this.#held.has(HANDS)) this.#count(HANDS, 1);
    this.#timer = setTimeout(() => this.handsOff(), HANDS_MS);
  };

  /** Whoever works here has just said that they let go. */
  handsOff(): void {
    clearTimeout(this.#timer);
    if (this.#held.has(HANDS)) this.#count(HANDS, -1);
  }

  #count(name: string, by: number): void {
    const count = (this.#held.get(name) ?? 0) + by;
    if (count > 0) this.#held.set(name, count);
    else this.#held.delete(name);
    this.names = [...this.#held.keys()].filter((one) => one !== HANDS);
    this.#share();
  }

  #share(): void {
    const locks = globalThis.navigator?.locks;
    if (!this.isBusy) {
      this.#free?.();
      this.#free = null;
    } else if (locks && this.#app && !this.#free) {
      const over = new Promise<void>((resolve) => {
        this.#free = resolve;
      });
      alone(locks.request(busyLock(this.#app), { mode: "shared" }, () => over));
    }
  }
}

/** This tab's. */
export const busy = new Busy();
