import { describe, expect, test } from "vitest";
import { cashSums, firstPart, splitCash, tipOf } from "./sums";

describe("chips of cash", () => {
  test("are the next sums that whole notes make", () => {
    expect(cashSums(43_000_00)).toEqual([44_000_00, 50_000_00, 60_000_00]);
    expect(cashSums(2_800_00)).toEqual([3_000_00, 4_000_00, 10_000_00, 20_000_00]);
    expect(cashSums(43_250_50)).toEqual([44_000_00, 50_000_00, 60_000_00]);
  });

  test("never repeat the sum itself, and there are none for nothing", () => {
    expect(cashSums(20_000_00)).toEqual([]);
    expect(cashSums(0)).toEqual([]);
  });
});

describe("dividing evenly", () => {
  test("loses no money when each part is taken from what is left", () => {
    let left = 43_000_00;
    const parts = [3, 2, 1].map((ways) => {
      const part = firstPart(left, ways);
      left -= part;
      return part;
    });
    expect(parts).toEqual([14_334_00, 14_333_00, 14_333_00]);
    expect(left).toBe(0);
  });

  test("leaves cents to the first", () => {
    expect(firstPart(100_50, 2)).toBe(50_50);
    expect(firstPart(43_000_00, 1)).toBe(43_000_00);
  });
});

test("a tip is in whole pesos", () => {
  expect(tipOf(43_250_50, 1000)).toBe(4_325_00);
});

describe("cash on the table", () => {
  test("more than is due gives change", () => {
    expect(splitCash({ tenderedMinor: 50_000_00, dueMinor: 43_000_00, tipMinor: 0 })).toEqual({
      amountMinor: 43_000_00,
      changeMinor: 7_000_00,
      shortMinor: 0,
    });
  });

  test("the tip is taken before the change", () => {
    expect(splitCash({ tenderedMinor: 50_000_00, dueMinor: 43_000_00, tipMinor: 4_300_00 }).changeMinor).toBe(2_700_00);
  });

  test("less than is due pays a part and gives nothing back", () => {
    expect(splitCash({ tenderedMinor: 20_000_00, dueMinor: 43_000_00, tipMinor: 0 })).toEqual({
      amountMinor: 20_000_00,
      changeMinor: 0,
      shortMinor: 23_000_00,
    });
  });

  test("a tip alone pays nothing of the check", () => {
    expect(splitCash({ tenderedMinor: 1_000_00, dueMinor: 43_000_00, tipMinor: 2_000_00 }).amountMinor).toBe(0);
  });
});
