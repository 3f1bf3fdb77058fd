import type { Lost } from "./trouble";

type Stakes = Omit<Lost, "at_ms">;

/**
 * A line in the browser's other drawer that says what the database holds. Browsers throw databases away when room is
 * scarce: without it, a device that comes back empty would look like one that was never used.
 */
export class Marker {
  #last = "";

  constructor(private readonly app: string) {}

  /** What is kept now; null for a device that belongs to no venue. */
  note(stakes: Stakes | null): void {
    const text = stakes ? JSON.stringify(stakes) : "";
    if (text === this.#last) return;
    this.#last = text;
    try {
      if (stakes) localStorage.setItem(this.#key, JSON.stringify({ ...stakes, at_ms: Date.now() }));
      else localStorage.removeItem(this.#key);
    } catch {
      // Then a loss cannot be told from a new device; the device works all the same.
    }
  }

  forget(): void {
    this.#last = "?";
    this.note(null);
  }

  /** What was lost, if the database was found without its device. */
  lost(isPaired: boolean): Lost | null {
    if (isPaired) return null;
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "null") as Lost | null;
    } catch {
      return null;
    }
  }

  get #key(): string {
    return `hos-${this.app}-kept`;
  }
}
