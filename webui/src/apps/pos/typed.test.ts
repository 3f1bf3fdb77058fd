import { describe, expect, test } from "vitest";
import { NOTHING, type Typed, typeKey, type Wish } from "./typed";

function typing(keys: string): { typed: Typed; wish: Wish | undefined } {
  let typed = NOTHING;
  let wish: Wish | undefined;
  for (const key of keys.replaceAll("<", "\b")) {
    const name = { "↵": "Enter", "\b": "Backspace", "⎋": "Escape" }[key] ?? key;
    const next = typeKey(typed, name);
    if (!next) continue;
    typed = next.typed;
    wish = next.wish ?? wish;
  }
  return { typed, wish };
}

describe("typing outside a field", () => {
  test("a number and Enter is a table", () => {
    expect(typing("12↵")).toEqual({ typed: NOTHING, wish: { kind: "table", label: "12" } });
  });

  test("after * it is a quantity, from 1 to 99", () => {
    expect(typing("*3↵").wish).toEqual({ kind: "quantity", count: 3 });
    expect(typing("*0↵").wish).toBeUndefined();
    expect(typing("*120↵").wish).toBeUndefined();
  });

  test("Backspace takes the last digit, Escape all of it", () => {
    expect(typing("12<5↵").wish).toEqual({ kind: "table", label: "15" });
    expect(typing("12⎋").typed).toEqual(NOTHING);
  });

  test("Enter, Escape and Backspace are left alone while nothing is typed", () => {
    for (const key of ["Enter", "Escape", "Backspace", "a"]) expect(typeKey(NOTHING, key)).toBeNull();
  });
});
