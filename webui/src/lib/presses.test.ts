import { expect, test } from "vitest";
import { Presses } from "./presses";

test("the same wish within half a second is a slip, another one is not", () => {
  let at = 0;
  const presses = new Presses(() => at);
  expect(presses.take("bill c1")).toBe(true);
  at = 499;
  expect(presses.take("bill c1")).toBe(false);
  expect(presses.take("bill c2")).toBe(true);
  at = 501;
  expect(presses.take("bill c1")).toBe(true);
});

test("what came to nothing may be wished again at once", () => {
  const presses = new Presses(() => 0);
  presses.take("bill c1");
  presses.forget("bill c1");
  expect(presses.take("bill c1")).toBe(true);
});
