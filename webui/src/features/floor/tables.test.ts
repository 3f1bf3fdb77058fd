import { describe, expect, test } from "vitest";
import type { CheckView } from "$generated/vocabulary";
import { STATES } from "$ui";
import { type TileState, tileLook, unitOf } from "./tables";

describe("how a tile looks", () => {
  const tile = (changes: Partial<TileState>): TileState => ({
    state: "free",
    sinceMs: 0,
    word: "",
    check: undefined,
    isLate: false,
    unsent: 0,
    ...changes,
  });
  const check = {} as CheckView;

  test("a free table is an outline with no mark", () => {
    expect(tileLook(tile({})).edge).toContain("border-dashed");
    expect(tileLook(tile({})).mark).toBe("");
  });

  test("people who sit, or wait for what was sent, are words and no mark", () => {
    for (const word of ["seated", "sent"] as const) {
      const { edge, mark } = tileLook(tile({ check, word }));
      expect(edge.split(" ")).not.toContain("border-dashed");
      expect(mark).toBe("text-ink-2");
    }
  });

  test("what asks for somebody is a mark with the edge of its state, and a lomo in its fill", () => {
    for (const state of ["draft", "ready", "bill", "call", "cook"] as const) {
      const { edge, mark, fill } = tileLook(tile({ check, state }));
      expect(mark).toContain(STATES[state].look);
      expect(edge.split(" ")).toContain("lomo");
      expect(fill).toBe(STATES[state].fill);
    }
  });

  test("a table with paid or unsent lines is a mark too, with no fill beside it", () => {
    const { edge, mark } = tileLook(tile({ check, state: "held", word: "unsent" }));
    expect(mark).toContain(STATES.held.look);
    expect(edge.split(" ")).not.toContain("lomo");
  });

  test("a late one has the thick edge, whatever else it says", () => {
    for (const state of ["ready", "cook", "late"] as const)
      expect(tileLook(tile({ check, state, isLate: true })).edge.split(" ")).toContain("lomo-late");
  });
});

describe("the scale of a plan", () => {
  const section = { width: 1000, height: 500 };
  const tables = [
    { width: 100, height: 100 },
    { width: 200, height: 120 },
  ];

  test("keeps the smallest table big enough for a finger", () => {
    expect(unitOf(section, tables, null)).toBeCloseTo(0.96);
    expect(unitOf(section, tables, { width: 300, height: 200 })).toBeCloseTo(0.96);
  });

  test("fills a bigger screen without cutting the room off", () => {
    expect(unitOf(section, tables, { width: 1200, height: 700 })).toBeCloseTo(1.2);
    expect(unitOf(section, tables, { width: 3000, height: 700 })).toBeCloseTo(1.4);
  });
});
