import type { LineAsk, Menu, MenuItem } from "$generated/vocabulary";
import { alone } from "$lib/alone";
import { newId } from "$lib/ids";
import type { Work } from "$lib/work";
import { defaultModifiers, type Estimate, estimate } from "./estimate";

/** The lines a person typed for a table and has not sent: kept on the device at every touch. */
export class Cart {
  lines = $state<LineAsk[]>([]);
  /** The line whose options are shown: the last one touched. */
  chosenId = $state<string | null>(null);
  /** The course of the next taps; 0 leaves each item its own. */
  course = $state(0);
  isLoaded = $state(false);

  readonly #work: Work;
  readonly #key: string;

  /** `onkeep` is told what is typed, at every touch. */
  constructor(
    work: Work,
    staffId: string,
    tableId: string,
    readonly onkeep: (lines: LineAsk[]) => void = () => {},
  ) {
    this.#work = work;
    this.#key = cartKey(staffId, tableId);
  }

  get chosen(): LineAsk | undefined {
    return this.lines.find((line) => line.line_id === this.chosenId);
  }

  /** How many of an item are not sent yet. */
  countOf(itemId: string): number {
    return this.lines.filter((line) => line.item_id === itemId).reduce((sum, line) => sum + (line.quantity ?? 1), 0);
  }

  async load(): Promise<void> {
    const kept = await this.#work.get<LineAsk[]>(this.#key);
    if (kept && this.lines.length === 0) this.lines = kept;
    this.isLoaded = true;
  }

  /** One more of an item: on the line last touched if it is the same, else on a line with its usual choices. */
  tap(menu: Menu, item: MenuItem): void {
    const course = this.course;
    const same = (line: LineAsk) => line.item_id === item.id && (line.course ?? 0) === course;
    const plain = (line: LineAsk) => same(line) && !line.note && (line.allergies ?? []).length === 0;
    const line = this.chosen && same(this.chosen) ? this.chosen : this.lines.find(plain);
    if (line) {
      line.quantity = Math.min(99, (line.quantity ?? 1) + 1);
      this.chosenId = line.line_id;
    } else {
      const line_id = newId();
      const variant_id = item.variants.length === 1 ? (item.variants[0]?.id ?? "") : "";
      const modifier_ids = defaultModifiers(menu, item);
      this.lines.push({
        line_id,
        item_id: item.id,
        variant_id,
        modifier_ids,
        quantity: 1,
        course,
        note: "",
        allergies: [],
        seat: 0,
      });
      this.chosenId = line_id;
    }
    this.keep();
  }

  /** Takes one of the line apart, so that it can be asked for in another way. */
  split(lineId: string): void {
    const line = this.lines.find((one) => one.line_id === lineId);
    if (!line || (line.quantity ?? 1) < 2) return;
    line.quantity = (line.quantity ?? 1) - 1;
    const line_id = newId();
    this.lines.push({ ...$state.snapshot(line), line_id, quantity: 1 });
    this.chosenId = line_id;
    this.keep();
  }

  /** A line that was taken off is there again, and the last one touched. */
  putBack(line: LineAsk): void {
    this.lines.push(line);
    this.chosenId = line.line_id;
    this.keep();
  }

  change(lineId: string, change: Partial<LineAsk>): void {
    const line = this.lines.find((one) => one.line_id === lineId);
    if (!line) return;
    if (change.quantity === 0) this.lines = this.lines.filter((one) => one.line_id !== lineId);
    else Object.assign(line, change);
    this.keep();
  }

  /** The first line that lacks a choice, with what it lacks. */
  lacking(menu: Menu): { line: LineAsk; estimate: Estimate } | null {
    for (const line of this.lines) {
      const priced = estimate(menu, line);
      if (priced.missing.length > 0) return { line, estimate: priced };
    }
    return null;
  }

  clear(): void {
    this.lines = [];
    this.chosenId = null;
    this.course = 0;
    this.keep();
  }

  keep(): void {
    const lines = $state.snapshot(this.lines);
    this.onkeep(lines);
    if (lines.length === 0) alone(this.#work.drop(this.#key));
    else alone(this.#work.keep(this.#key, lines));
  }
}

/** Where the unsent lines of a person and table are kept. */
export function cartKey(staffId: string, tableId: string): string {
  return `lines:${staffId}:${tableId}`;
}
