import type { AttentionView, CheckView, SectionView, TableView } from "$generated/vocabulary";
import { heatOf } from "$lib/heat";
import { STATES, type StateName } from "$ui";

/** What a tile says of its table: the most pressing thing, and since when. */
export interface TileState {
  state: StateName;
  sinceMs: number;
  /** A word other than the state's own. */
  word: "" | "seated" | "sent" | "unsent" | "paid";
  check: CheckView | undefined;
  isLate: boolean;
  /** Lines that the kitchen does not have: held on the check, or typed here and not sent. */
  unsent: number;
}

const PRESSING: [kind: string, state: StateName][] = [
  ["ready", "ready"],
  ["draft", "draft"],
  ["bill", "bill"],
  ["call", "call"],
];

/** Joins a table with its open check, its attention cards and how much is typed for it here. For showing only. */
export function tileState(
  table: TableView,
  checks: CheckView[],
  cards: AttentionView[],
  nowMs: number,
  typed = 0,
): TileState {
  const check = checks.find((one) => one.table_id === table.table_id && one.state === "open");
  const mine = cards.filter((one) => one.table_id === table.table_id && one.appears_at_ms <= nowMs);
  const isLate = mine.some((one) => heatOf(one, nowMs) === "red") || isCookingLate(check, nowMs);
  const all = { check, isLate, unsent: (check?.unsent ?? 0) + typed };
  for (const [kind, state] of PRESSING) {
    const card = mine.find((one) => one.kind === kind);
    if (card) return { state, sinceMs: card.since_ms, word: "", ...all };
  }
  if (check && isCookingLate(check, nowMs)) return { state: "late", sinceMs: check.stage_since_ms, word: "", ...all };
  if (all.unsent > 0) return { state: "held", sinceMs: check ? sinceOf(check) : 0, word: "unsent", ...all };
  return check ? { ...stageState(check), ...all } : { state: "free", sinceMs: 0, word: "", ...all };
}

/** How a tile is drawn: its edge, and its word as a mark, as plain text, or as nothing to look at. */
export interface TileLook {
  edge: string;
  mark: string;
  /** The fill of its lomo. */
  fill: string;
}

/** A tile's edge and mark. A free table is an outline; sitting and sent are words; all that asks for somebody is a mark. */
export function tileLook(tile: TileState): TileLook {
  const { look, fill } = STATES[tile.state];
  if (tile.state === "free" && !tile.check)
    return { edge: "border-2 border-dashed border-edge text-ink-3", mark: "", fill };
  const isPlain = tile.word === "seated" || tile.word === "sent";
  const mark = isPlain ? "text-ink-2" : `${look} border-[3px]! px-0.5 py-0.5`;
  if (tile.isLate) return { edge: "border-2 bg-surface border-late-ink lomo-late", mark, fill };
  return { edge: `border-2 bg-surface border-line${fill === "transparent" ? "" : " lomo"}`, mark, fill };
}

/** Tables as the room is walked: by section, then rows from the door, then from left to right. */
export function inRoomOrder(tables: TableView[], sectionIds: string[]): TableView[] {
  const place = (table: TableView) => sectionIds.indexOf(table.section_id);
  const row = (table: TableView) => Math.round(table.y / 80);
  return tables.toSorted((a, b) => place(a) - place(b) || row(a) - row(b) || a.x - b.x);
}

/** The tables whose label a person is typing: the exact one first. */
export function tablesFor(tables: TableView[], typed: string): TableView[] {
  const wanted = typed
    .trim()
    .toLowerCase()
    .replace(/^(mesa|m)\s*/, "");
  if (wanted === "") return tables;
  const bare = (table: TableView) => table.label.toLowerCase().replace(/^m(?=\d)/, "");
  return tables
    .filter((table) => bare(table).startsWith(wanted))
    .sort((a, b) => Number(bare(b) === wanted) - Number(bare(a) === wanted));
}

/** Pixels for one unit of the drawing: the smallest table is 92 × 96 px at least; more when the room on the screen is larger. */
export function unitOf(
  section: Pick<SectionView, "width" | "height">,
  tables: Pick<TableView, "width" | "height">[],
  room: { width: number; height: number } | null,
): number {
  const least = Math.max(
    0.35,
    ...tables.map((one) => Math.max(92 / Math.max(one.width, 1), 96 / Math.max(one.height, 1))),
  );
  if (!room) return least;
  return Math.max(least, Math.min(room.width / Math.max(section.width, 1), room.height / Math.max(section.height, 1)));
}

function isCookingLate(check: CheckView | undefined, nowMs: number): boolean {
  return check !== undefined && check.late_at_ms > 0 && nowMs > check.late_at_ms;
}

function stageState(check: CheckView): Pick<TileState, "state" | "sinceMs" | "word"> {
  const sinceMs = sinceOf(check);
  if (check.stage === "sent") return { state: "free", sinceMs, word: "sent" };
  if (check.stage === "cooking") return { state: "cook", sinceMs, word: "" };
  if (check.stage === "ready") return { state: "ready", sinceMs, word: "" };
  if (check.stage === "bill") return { state: "bill", sinceMs, word: "" };
  return { state: "free", sinceMs, word: check.stage === "paid" ? "paid" : "seated" };
}

function sinceOf(check: CheckView): number {
  return check.stage_since_ms || check.opened_at_ms;
}
