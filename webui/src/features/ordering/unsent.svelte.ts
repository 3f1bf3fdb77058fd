import { createContext } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { LineAsk } from "$generated/vocabulary";
import type { Work } from "$lib/work";
import { cartKey } from "./cart.svelte";

/** What a person typed and has not sent, by table: known wherever a table is shown, not only where it was typed. */
export class Unsent {
  readonly #tables = new SvelteMap<string, LineAsk[]>();

  constructor(
    readonly work: Work,
    readonly staffId: string,
  ) {}

  /** Reads what this device kept; what was typed meanwhile is newer and stays. */
  async load(): Promise<void> {
    const prefix = cartKey(this.staffId, "");
    for (const [key, lines] of await this.work.under<LineAsk[]>(prefix)) {
      const tableId = key.slice(prefix.length);
      if (!this.#tables.has(tableId)) this.note(tableId, lines);
    }
  }

  linesOf(tableId: string): LineAsk[] {
    return this.#tables.get(tableId) ?? [];
  }

  countOf(tableId: string): number {
    return this.linesOf(tableId).reduce((sum, line) => sum + (line.quantity ?? 1), 0);
  }

  /** The tables with something typed. */
  get tables(): string[] {
    return [...this.#tables.keys()].filter((tableId) => this.countOf(tableId) > 0);
  }

  /** These are typed for a table now. */
  note(tableId: string, lines: LineAsk[]): void {
    this.#tables.set(tableId, lines);
  }

  /** Puts lines back among what is typed for a table, on the device too. */
  async putBack(tableId: string, lines: LineAsk[]): Promise<void> {
    const all = [...this.linesOf(tableId), ...lines];
    this.note(tableId, all);
    await this.work.keep(cartKey(this.staffId, tableId), all);
  }
}

/** `provideUnsent(unsent)` in the home screen; `getUnsent()` below it. */
export const [getUnsent, provideUnsent] = createContext<Unsent>();
