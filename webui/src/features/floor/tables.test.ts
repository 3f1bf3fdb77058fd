import { describe, expect, test } from "vitest";
import { unitOf } from "./tables";

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
