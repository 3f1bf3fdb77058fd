import type { CheckView, LineView } from "$generated/vocabulary";
import type { Unsettled } from "$lib/app.svelte";

/** A course that was sent and that nobody fired: the kitchen does not make it. */
export interface WaitingCourse {
  course: number;
  lines: LineView[];
  /** How many dishes. */
  count: number;
}

/** A line as it is named in a list. */
export function dish(line: LineView): string {
  return `${line.quantity} ${line.name}`;
}

/** The courses of a check that wait to be fired, the first one first; none that is being fired just now. */
export function waitingCourses(check: CheckView | undefined, unsettled: Unsettled[]): WaitingCourse[] {
  const waiting = check?.lines.filter((line) => line.stage === "waiting") ?? [];
  const isFiring = (course: number) =>
    unsettled.some(
      ({ command: { name, body } }) =>
        name === "fire_course" && body.check_id === check?.check_id && body.course === course,
    );
  return [...new Set(waiting.map((line) => line.course))]
    .filter((course) => !isFiring(course))
    .sort((a, b) => a - b)
    .map((course) => {
      const lines = waiting.filter((line) => line.course === course);
      return { course, lines, count: lines.reduce((sum, line) => sum + line.quantity, 0) };
    });
}
