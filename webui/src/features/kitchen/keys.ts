import * as m from "$lib/messages";

/** Something a key of a bump bar does; `id` is the name its chosen key is kept under. */
export interface KeyAct {
  id: string;
  preset: string;
  label: () => string;
}

const SLOT_KEYS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** The key of a slot, from 0. */
export function slotKey(slot: number): KeyAct {
  return { id: `kds.slot_${slot + 1}`, preset: SLOT_KEYS[slot] ?? "", label: () => m.kds_key_slot({ slot: slot + 1 }) };
}

export const KEYS = {
  enter: { id: "kds.enter", preset: "Enter", label: m.kds_key_enter },
  left: { id: "kds.left", preset: "ArrowLeft", label: m.kds_key_left },
  right: { id: "kds.right", preset: "ArrowRight", label: m.kds_key_right },
  up: { id: "kds.up", preset: "ArrowUp", label: m.kds_key_up },
  down: { id: "kds.down", preset: "ArrowDown", label: m.kds_key_down },
  recall: { id: "kds.recall", preset: "Backspace", label: m.kds_key_recall },
  totals: { id: "kds.totals", preset: " ", label: m.kds_key_totals },
  next: { id: "kds.next", preset: "+", label: m.kds_key_next },
  previous: { id: "kds.previous", preset: "-", label: m.kds_key_previous },
  soldOut: { id: "kds.sold_out", preset: "a", label: m.kds_key_sold_out },
} satisfies Record<string, KeyAct>;

/** Every act that can be given another key, in the order they are taught. */
export function keyActs(): KeyAct[] {
  return [...SLOT_KEYS.map((_, slot) => slotKey(slot)), ...Object.values(KEYS)];
}

/** Whether two names are of one key: `code:Digit3` learnt from a bar is the `3` it came with. */
export function isSameKey(a: string, b: string): boolean {
  return a !== "" && bare(a) === bare(b);
}

const NAMES: Record<string, string> = { Space: " ", NumpadAdd: "+", NumpadSubtract: "-", NumpadEnter: "Enter" };

function bare(combo: string): string {
  const code = combo.replace(/^code:/, "");
  return (NAMES[code] ?? code).replace(/^(Digit|Key|Numpad)(?=.$)/, "").toLowerCase();
}

/** Where the choice goes from a slot: it stays on the page. */
export function step(
  chosen: number | null,
  by: { columns: number; rows: number; move: "left" | "right" | "up" | "down" },
) {
  if (chosen === null) return 0;
  const { columns, rows, move } = by;
  const [row, column] = [Math.floor(chosen / columns), chosen % columns];
  if (move === "left") return row * columns + Math.max(0, column - 1);
  if (move === "right") return row * columns + Math.min(columns - 1, column + 1);
  if (move === "up") return Math.max(0, row - 1) * columns + column;
  return Math.min(rows - 1, row + 1) * columns + column;
}
