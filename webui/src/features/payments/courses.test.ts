import { expect, test } from "vitest";
import type { Unsettled } from "$lib/app.svelte";
import { sampleCheck, sampleLine } from "$lib/samples/service";
import { waitingCourses } from "./courses";

const check = sampleCheck("4", {
  lines: [
    sampleLine("a", "Flan", { course: 3, quantity: 2, stage: "waiting" }),
    sampleLine("b", "Bife", { course: 2, stage: "waiting" }),
    sampleLine("c", "Ravioles", { course: 2, stage: "waiting" }),
    sampleLine("d", "Agua", { stage: "cooking" }),
    sampleLine("e", "Café", { course: 4, stage: "held" }),
    sampleLine("f", "Mousse", { course: 3, stage: "void" }),
  ],
});

test("what was sent and nobody fired waits, by course, counted in dishes", () => {
  expect(waitingCourses(check, []).map(({ course, count }) => [course, count])).toEqual([
    [2, 2],
    [3, 2],
  ]);
});

test("a course on its way to the kitchen does not wait", () => {
  const body = { check_id: "c4", course: 2 };
  const unsettled: Unsettled[] = [{ seq: null, command: { id: "1", name: "fire_course", body, asked_at_ms: 0 } }];
  expect(waitingCourses(check, unsettled).map(({ course }) => course)).toEqual([3]);
});

test("no check, nothing waits", () => {
  expect(waitingCourses(undefined, [])).toEqual([]);
});
