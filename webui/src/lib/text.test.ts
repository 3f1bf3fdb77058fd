import { afterEach, describe, expect, test, vi } from "vitest";
import { backoff } from "./backoff";
import { newId } from "./ids";
import { amount, money, parseMoney, percent, surcharge } from "./money";
import { compareText, matches } from "./text";
import { age, ago, clockTime, longDay, moment } from "./time";

const NBSP = "\u00a0";

describe("ids", () => {
  afterEach(() => vi.useRealTimers());

  test("begin with the time, so that later ones come after", () => {
    const made = [0, 1, 31, 32, 1_800_000_000_000, 1_800_000_000_001].map((ms) => {
      vi.useFakeTimers({ now: ms });
      return newId();
    });
    expect([...made].sort()).toEqual(made);
  });

  test("are 26 letters the edge accepts, and never the same twice", () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
  });
});

describe("money", () => {
  test.each([
    [1_250_000, `$${NBSP}12.500`],
    [1_250_050, `$${NBSP}12.500,50`],
    [-1_250_000, `-$${NBSP}12.500`],
    [0, `$${NBSP}0`],
    [5, `$${NBSP}0,05`],
  ])("%i minor units are shown with cents only when there are some", (minor, text) => {
    expect(money(minor)).toBe(text);
  });

  test("figures in columns have no sign of the currency", () => expect(amount(1_250_050)).toBe("12.500,50"));
  test("an option without a price says nothing", () =>
    expect([surcharge(0), surcharge(120_000)]).toEqual(["", `+$${NBSP}1.200`]));
  test("basis points are percent with a comma", () => expect([percent(1050), percent(1000)]).toEqual(["10,5%", "10%"]));

  test.each([
    ["12.500", 1_250_000],
    ["12500,5", 1_250_050],
    [`$${NBSP}1.200,50`, 120_050],
    ["1200.50", 120_050],
    ["-300", -30_000],
    ["0", 0],
    ["1.2.3", null],
    ["", null],
    [",", null],
    ["12.50.00", null],
    ["abc", null],
    ["99999999999999999", null],
  ])("%j is read as %j", (text, minor) => {
    expect(parseMoney(text)).toBe(minor);
  });

  test("what is shown can be read back", () => {
    for (let minor = -250_000; minor < 250_000; minor += 997) expect(parseMoney(money(minor))).toBe(minor);
  });
});

describe("time", () => {
  test.each([
    [130_000, "2:10"],
    [0, "0:00"],
    [-5000, "0:00"],
    [599_999, "9:59"],
    [600_000, "10 min"],
    [59 * 60_000 + 59_000, "59 min"],
    [65 * 60_000, "1 h 05"],
  ])("an age of %i ms is read at a glance", (ms, text) => expect(age(ms)).toBe(text));

  test("ages in prose, in both languages", () => {
    expect([ago(24_000), ago(300_000), ago(3_900_000), ago(300_000, "en")]).toEqual([
      "hace 24 s",
      "hace 5 min",
      "hace 1 h 05",
      "5 min ago",
    ]);
  });

  test("midnight is 00:05, and another day names itself", () => {
    const midnight = Date.UTC(2026, 2, 6, 3, 5);
    expect(clockTime(midnight)).toBe("00:05");
    expect(moment(midnight - 3_600_000, midnight)).toBe("5/3 23:05");
    expect(moment(midnight, midnight)).toBe("00:05");
  });

  test("a business day is written out in each language", () => {
    expect(longDay("2026-03-05")).toBe("jueves, 5 de marzo");
    expect(longDay("2026-03-05", "en")).toContain("5 March");
  });
});

describe("text", () => {
  test("sorts as people in Argentina do", () => {
    expect(["ñoquis", "nachos", "M10", "M2", "ñandú", "Ácido"].sort(compareText)).toEqual([
      "Ácido",
      "M2",
      "M10",
      "nachos",
      "ñandú",
      "ñoquis",
    ]);
  });

  test("finds the start of any word, accents and case aside", () => {
    expect([matches("Bife de chorizo", "chor bif"), matches("Ñoquis", "noq"), matches("Provoleta", "leta")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

test("waits double under a ceiling, scattered by chance", () => {
  expect([0, 1, 2, 10, 1000].map((attempts) => backoff(attempts, 1))).toEqual([500, 1000, 2000, 15_000, 15_000]);
  expect(backoff(3, 0)).toBe(0);
  expect(backoff(3, 0.5)).toBe(2000);
});
