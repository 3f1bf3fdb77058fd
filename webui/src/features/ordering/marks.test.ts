import { describe, expect, test } from "vitest";
import { sampleLine } from "$lib/samples/service";
import { lineWord, markOf } from "./marks";

const NOW = 1_000_000;
const mark = (by: Parameters<typeof sampleLine>[2]) => markOf(sampleLine("l", "Bife", by), NOW).mark;
const word = (by: Parameters<typeof sampleLine>[2]) => lineWord(sampleLine("l", "Bife", by), NOW);

describe("two ticks", () => {
  test("only once a screen showed it or paper came out", () => {
    expect(mark({ reached: "screen" })).toBe("✓✓");
    expect(mark({ reached: "paper" })).toBe("✓✓");
    expect(mark({ reached: "" })).toBe("✓");
  });

  test("never for a course that waits, nor for what stays here", () => {
    expect([mark({ stage: "waiting" }), mark({ stage: "held" }), mark({ stage: "void" })]).toEqual(["✓", "✓", ""]);
  });
});

test("what had nowhere to arrive is lost once its time is up, and says what to do", () => {
  expect(mark({ reached: "", fails_at_ms: NOW + 1 })).toBe("✓");
  expect(mark({ reached: "", fails_at_ms: NOW })).toBe("!");
  expect(mark({ reached: "failed" })).toBe("!");
  expect(word({ reached: "failed" })).toBe("no llegó: avisá de palabra");
});

test("nothing cooks that the kitchen has not got", () => {
  expect([word({ reached: "" }), word({ reached: "paper" })]).toEqual(["enviado", "en cocina"]);
});
