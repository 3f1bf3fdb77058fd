import type { LineView } from "$generated/vocabulary";
import * as m from "$lib/messages";

/** How far a line got, as the mark beside it says: kept here, at the edge, seen by the kitchen. */
export function markOf(line: LineView): { mark: string; word: string } {
  if (line.stage === "held") return { mark: "✓", word: m.common_mark_has() };
  if (line.stage === "void") return { mark: "", word: m.ordering_stage_void() };
  return { mark: "✓✓", word: m.common_mark_kitchen() };
}

/** Lines by course, in the order they are eaten; void ones stay, struck. */
export function byCourse(lines: readonly LineView[]): [number, LineView[]][] {
  const courses = new Map<number, LineView[]>();
  for (const line of lines) courses.set(line.course, [...(courses.get(line.course) ?? []), line]);
  return [...courses].sort(([a], [b]) => a - b);
}
