import { describe, expect, test } from "vitest";
import { display, type Entry, type Key, keyOf, numberOf, press, suggest } from "./keypad";

const EMPTY: Entry = { text: "", isSuggested: false };
const typing = (keys: Key[], from = EMPTY, isMoney = true) =>
  keys.reduce((entry, key) => press(entry, key, isMoney), from);

describe("a keypad", () => {
  test("types pesos, and cents after a comma", () => {
    expect(numberOf(typing(["1", "2", "00", ",", "5"]), true)).toBe(120_050);
    expect(display(typing(["1", "2", "3", "4", "5", "6", "7"]))).toBe("1.234.567");
  });

  test("the first digit takes the place of the suggestion", () => {
    const suggested = suggest(4_300_000, true);
    expect(display(suggested)).toBe("43.000");
    expect(numberOf(typing(["5"], suggested), true)).toBe(500);
  });

  test("erasing only erases", () => {
    expect(numberOf(typing(["1", "2", "erase"]), true)).toBe(100);
    expect(numberOf(typing(["erase", "erase"]), true)).toBeNull();
    expect(numberOf(typing(["erase"], suggest(4_300_000, true)), true)).toBeNull();
  });

  test("never holds more than fits its box", () => {
    const full = typing(Array.from({ length: 20 }, () => "9" as Key));
    expect(full.text).toHaveLength(9);
    expect(typing([",", "1", "2", "3", "00"], full).text).toMatch(/,12$/);
  });

  test("has no leading zeros and no second comma", () => {
    expect(typing(["0", "0", "7"]).text).toBe("7");
    expect(typing(["1", ",", ",", "5"]).text).toBe("1,5");
  });

  test("counts without commas", () => {
    expect(typing(["1", ",", "2"], EMPTY, false).text).toBe("12");
    expect(numberOf(suggest(3, false), false)).toBe(3);
  });

  test("takes the keys of a numeric pad", () => {
    expect(["7", ".", ",", "Backspace", "x", "Enter"].map(keyOf)).toEqual(["7", ",", ",", "erase", null, null]);
  });
});
