import { expect, test } from "vitest";
import { applied, diff, finer, reverted, valueAt, withValue } from "./document";

const MENU = {
  name: "Noche",
  hours: { from: 20, to: 2 },
  tags: ["a", "b"],
  items: [
    { id: "bife", name: "Bife", price: 100 },
    { id: "flan", name: "Flan", price: 40 },
    { id: "agua", name: "Agua", price: 20 },
  ],
};
const [BIFE, FLAN, AGUA] = MENU.items as [object, object, object];

test.each([
  ["a field", { ...MENU, name: "Día" }, ["name"]],
  ["a field of a record", { ...MENU, hours: { from: 20, to: 3 } }, ["hours.to"]],
  ["a list of words, as one", { ...MENU, tags: ["b"] }, ["tags"]],
  ["a row, as one", withValue(MENU, ["items", "flan", "price"], 50), ["items.flan"]],
  ["a row that is gone", { ...MENU, items: [BIFE, AGUA] }, ["items.flan", "items.#order"]],
  ["a row at the end", { ...MENU, items: [...MENU.items, { id: "vino" }] }, ["items.vino"]],
  ["a row between others", { ...MENU, items: [BIFE, { id: "vino" }, FLAN, AGUA] }, ["items.vino", "items.#order"]],
  ["an order", { ...MENU, items: [AGUA, BIFE, FLAN] }, ["items.#order"]],
  ["an emptied list", { ...MENU, items: [] }, ["items.bife", "items.flan", "items.agua"]],
])("what changed is found, written and taken back: %s", (_, after, paths) => {
  const writes = diff(MENU, after);
  expect(writes.map(({ path }) => path.join("."))).toEqual(paths);
  expect(applied(MENU, writes)).toEqual(after);
  expect(reverted(after, writes)).toEqual(MENU);
});

test("what was not touched is the same object", () => {
  const after = withValue(MENU, ["items", "flan", "price"], 50) as typeof MENU;
  expect(after.items[0]).toBe(BIFE);
  expect(after.hours).toBe(MENU.hours);
  expect(valueAt(after, ["items", "flan", "price"])).toBe(50);
  expect(valueAt(after, ["items", "nobody", "price"])).toBeUndefined();
});

test("of a changed row, its fields are told", () => {
  const after = withValue(MENU, ["items", "flan", "price"], 50);
  expect(finer(diff(MENU, after))).toEqual([{ path: ["items", "flan", "price"], before: 40, after: 50 }]);
});
