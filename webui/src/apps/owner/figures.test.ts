import { describe, expect, test } from "vitest";
import { comparison, hourAt, hourSeries, isBehind, isFirstHour, openOf, placeOf, voidShare } from "./figures";
import { sampleAge, sampleFigures, sampleHour, sampleToday, sampleVenue } from "./sample";

const hour = sampleHour;
/** Half past nine of a Thursday evening in Buenos Aires. */
const EVENING = Date.UTC(2026, 2, 6, 0, 30);
/** Half past midnight: still Thursday's business. */
const MIDNIGHT = Date.UTC(2026, 2, 6, 3, 30);

describe("the hours of a business day", () => {
  test("are those on the venue's wall", () => {
    expect(hourAt(EVENING, "America/Argentina/Buenos_Aires")).toBe(21);
    expect(hourAt(EVENING, "UTC")).toBe(0);
  });

  test("begin at the cut-over: midnight comes after eleven", () => {
    expect([5, 12, 23, 0, 4].map((at) => placeOf(at, 300))).toEqual([0, 7, 18, 19, 23]);
  });

  test("add up, and stop where the day is now", () => {
    const today = sampleToday({
      hours: [hour(20, 100), hour(21, 50)],
      last_week_hours: [hour(20, 80), hour(22, 40), hour(0, 10)],
    });
    expect(hourSeries(today, EVENING)).toEqual({
      hours: [20, 21, 22, 23, 0],
      today: [100, 150, null, null, null],
      inHour: [100, 50, null, null, null],
      before: [80, 80, 120, 120, 130],
    });
  });

  test("go past midnight within the same day", () => {
    const series = hourSeries(sampleToday({ hours: [hour(23, 100), hour(0, 7)] }), MIDNIGHT);
    expect([series.hours, series.today]).toEqual([
      [23, 0],
      [100, 107],
    ]);
  });

  test("are none on a first day", () => {
    expect(hourSeries(sampleToday(), EVENING).hours).toEqual([]);
  });
});

describe("the comparison with a week before", () => {
  test("is of full hours, so that half an hour is not held against a whole one", () => {
    const today = sampleToday({
      hours: [hour(20, 108, 4), hour(21, 500, 9)],
      last_week_hours: [hour(20, 100, 2), hour(21, 900, 9)],
    });
    expect(comparison(today, EVENING)).toEqual({ sales: 8, covers: 100, average: -46 });
  });

  test("is nothing when nothing was sold then", () => {
    expect(comparison(sampleToday({ hours: [hour(20, 108)] }), EVENING)).toEqual({
      sales: null,
      covers: null,
      average: null,
    });
  });
});

test.each([
  [{}, false],
  [{ is_silent: true }, true],
  [{ trouble: "fork" }, true],
  [{ behind_entries: 3 }, true],
])("a venue with %o is named beside the figures: %s", (by, isNamed) => {
  expect(isBehind(sampleAge(by))).toBe(isNamed);
});

test("voids are a part of sales, and of nothing are nothing", () => {
  expect(voidShare(sampleFigures({ sales_minor: 128_430_000, voids_minor: 3_120_000 }))).toBe(240);
  expect(voidShare(sampleFigures({ voids_minor: 100 }))).toBe(0);
});

test("a day begins when the first check closes", () => {
  const open = sampleVenue({ open_checks: 3, open_minor: 900 });
  expect(isFirstHour(sampleToday({ venues: [open] }))).toBe(true);
  expect(isFirstHour(sampleToday({ venues: [open, sampleVenue({ figures: sampleFigures({ checks: 1 }) })] }))).toBe(
    false,
  );
  expect(openOf([open, open])).toEqual({ checks: 6, minor: 1800 });
});
