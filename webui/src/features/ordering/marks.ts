import type { LineView } from "$generated/vocabulary";
import * as m from "$lib/messages";
import { stageWord } from "$lib/words/ordering";

/** Whether the kitchen has a line: seen there, on paper there, surely not, or nobody knows yet. */
export type Reach = "screen" | "paper" | "failed" | "";

/** What is known of a line's way to the kitchen now: what had nowhere to arrive fails once its time is up. */
export function reachOf({ reached, fails_at_ms }: Pick<LineView, "reached" | "fails_at_ms">, nowMs: number): Reach {
  if (reached === "" && fails_at_ms > 0 && nowMs >= fails_at_ms) return "failed";
  return reached as Reach;
}

/** How far a line got, as the mark beside it says: at the edge, in the kitchen, or lost on the way. */
export function markOf(line: LineView, nowMs: number): { mark: string; word: string } {
  if (line.stage === "void") return { mark: "", word: m.ordering_stage_void() };
  const reach = reachOf(line, nowMs);
  if (reach === "failed") return { mark: "!", word: m.common_mark_failed() };
  if (reach === "") return { mark: "✓", word: m.common_mark_has() };
  return { mark: "✓✓", word: reach === "paper" ? m.common_mark_paper() : m.common_mark_kitchen() };
}

/** What a line is doing, as far as anybody knows: nothing cooks that the kitchen has not got. */
export function lineWord(line: LineView, nowMs: number): string {
  if (line.stage !== "cooking") return stageWord(line.stage);
  const reach = reachOf(line, nowMs);
  if (reach === "failed") return m.ordering_stage_lost();
  return reach === "" ? stageWord("sent") : stageWord("cooking");
}

/** Lines by course, in the order they are eaten; void ones stay, struck. */
export function byCourse(lines: readonly LineView[]): [number, LineView[]][] {
  const courses = new Map<number, LineView[]>();
  for (const line of lines) courses.set(line.course, [...(courses.get(line.course) ?? []), line]);
  return [...courses].sort(([a], [b]) => a - b);
}
