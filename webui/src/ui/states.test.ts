import { describe, expect, test } from "vitest";
import { STATES, type StateName } from "./states";

const EDGE = /^(border(-(\d+|dashed|double))?|notched|line-through)$/;
const names = Object.keys(STATES) as StateName[];
const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other] as const));
const wordsOf = (name: StateName) => STATES[name].look.split(" ");
const tintOf = (name: StateName) => wordsOf(name).find((word) => word.startsWith("bg-"));
const edgeOf = (name: StateName) =>
  wordsOf(name)
    .filter((word) => EDGE.test(word))
    .sort()
    .join(" ");

/** Both mean that somebody must act now: they share an edge, and differ in word and icon. */
const ALIKE: string[] = ["late failed"];

describe("two states", () => {
  test.each(pairs)("%s and %s never share a word or an icon", (one, other) => {
    expect(STATES[one].word()).not.toBe(STATES[other].word());
    expect(STATES[one].icon).not.toBe(STATES[other].icon);
  });

  test.each(pairs.filter(([one, other]) => tintOf(one) === tintOf(other)))(
    "%s and %s, on the same tint, have edges of their own",
    (one, other) => {
      if (ALIKE.includes(`${one} ${other}`)) expect(edgeOf(one)).toBe(edgeOf(other));
      else expect(edgeOf(one)).not.toBe(edgeOf(other));
    },
  );
});
