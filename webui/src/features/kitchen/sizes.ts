import type { TicketLineView, TicketView } from "$generated/vocabulary";
import { allergyWords } from "$lib/words/ordering";
import { allergiesOf, choicesOf } from "./tickets";

/** How a board is cut up: by how far away the cook stands. Pixels are of a 1920 × 1080 screen with the totals shown. */
export interface Layout {
  columns: number;
  rows: number;
  /** Height for lines in one slot, and what each kind of row takes of it. */
  room: number;
  line: number;
  item: number;
  row: number;
  /** Letters that fit in a row, of a dish and of what is under it. */
  itemLetters: number;
  rowLetters: number;
}

/** For 1.4 m: 4 × 2. For 1.9 m everything is larger and there are 3 × 2. */
export const NEAR: Layout = {
  columns: 4,
  rows: 2,
  room: 360,
  line: 72,
  item: 46,
  row: 36,
  itemLetters: 15,
  rowLetters: 24,
};
export const FAR: Layout = {
  columns: 3,
  rows: 2,
  room: 350,
  line: 80,
  item: 64,
  row: 50,
  itemLetters: 14,
  rowLetters: 21,
};

const PADDING = 16;
/** Letters taken by the sign and the word before an allergy. */
const BEFORE_ALLERGIES = 14;

/** The lines of a ticket by slot: a long one is torn, never shortened. */
export function partsOf(ticket: TicketView, layout: Layout): TicketLineView[][] {
  const parts: TicketLineView[][] = [[]];
  let left = layout.room - headHeight(ticket, layout);
  for (const line of ticket.lines) {
    const height = lineHeight(line, layout);
    if (height > left && parts.at(-1)!.length > 0) {
      parts.push([]);
      left = layout.room;
    }
    parts.at(-1)!.push(line);
    left -= height;
  }
  return parts;
}

/** What one slot of a ticket shows, and how many of its lines are out of sight: the last slot takes what is left. */
export function linesOfPart(
  ticket: TicketView,
  layout: Layout,
  { part, parts }: { part: number; parts: number },
): { lines: TicketLineView[]; below: number } {
  const all = partsOf(ticket, layout);
  if (part < parts - 1) return { lines: all[part] ?? [], below: 0 };
  return { lines: all.slice(part).flat(), below: all.slice(part + 1).flat().length };
}

function headHeight(ticket: TicketView, layout: Layout): number {
  const allergies = allergyWords(allergiesOf(ticket));
  const rows = allergies ? Math.ceil((allergies.length + BEFORE_ALLERGIES) / layout.rowLetters) : 0;
  // The button that says *Enterado* stands in the place of the other stations.
  const foot = ticket.changed_at_ms > 0 ? layout.line + PADDING : ticket.also_at.length > 0 ? layout.row : 0;
  return (rows > 0 ? rows * layout.row + PADDING : 0) + foot;
}

function lineHeight(line: TicketLineView, layout: Layout): number {
  const { choices, without } = choicesOf(line);
  const below = [choices.join(" · "), ...without.map((name) => `SIN ${name}`), line.note ? `«${line.note}»` : ""];
  const rows = below.reduce((sum, text) => sum + Math.ceil(text.length / layout.rowLetters), 0);
  const name = Math.max(1, Math.ceil(line.name.length / layout.itemLetters));
  const struck = line.voided_quantity > 0 && line.quantity > 0 ? 1 : 0;
  const tag = line.allergies.length > 0 ? layout.row : 0;
  return Math.max(layout.line, (name + struck) * layout.item + rows * layout.row + tag + PADDING);
}
