/** The same wish again this soon is a slip of the hand: a double tap, a bouncing key. */
const MOMENT_MS = 500;

/** What was wished on this device a moment ago, whichever button or key it came by. */
export class Presses {
  readonly #at = new Map<string, number>();

  constructor(public now: () => number = Date.now) {}

  /** Whether this is a wish of its own; if so, the same is none until its moment has passed. */
  take(wish: string): boolean {
    const at = this.now();
    for (const [one, since] of this.#at) if (at - since >= MOMENT_MS) this.#at.delete(one);
    if (this.#at.has(wish)) return false;
    this.#at.set(wish, at);
    return true;
  }

  /** Nothing came of it: it may be wished again at once. */
  forget(wish: string): void {
    this.#at.delete(wish);
  }
}
