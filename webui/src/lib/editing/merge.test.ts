import { expect, test } from "vitest";
import { withValue } from "./document";
import { type Clash, merged } from "./merge";

const BASE = {
  name: "Noche",
  items: [
    { id: "bife", name: "Bife", price: 100 },
    { id: "flan", name: "Flan", price: 40 },
    { id: "agua", name: "Agua", price: 20 },
  ],
};
const [BIFE, FLAN, AGUA] = BASE.items as [object, object, object];
const set = (path: string, value: unknown) => withValue(BASE, path.split("."), value) as typeof BASE;

function merge(ours: object, theirs: object) {
  const clashes: Clash[] = [];
  const doc = merged(BASE, ours, theirs, (one) => clashes.push(one)) as typeof BASE;
  return { doc, clashes: clashes.map(({ path, ours, theirs }) => [path.join("."), ours, theirs]) };
}

test("other fields of one row meet without a word", () => {
  const { doc, clashes } = merge(set("items.bife.price", 120), set("items.bife.name", "Bife de chorizo"));
  expect(doc.items[0]).toEqual({ id: "bife", name: "Bife de chorizo", price: 120 });
  expect(clashes).toEqual([]);
});

test("the same field, changed alike, is no clash; changed otherwise, ours stays and theirs is told", () => {
  expect(merge(set("name", "Día"), set("name", "Día"))).toEqual({ doc: set("name", "Día"), clashes: [] });
  const { doc, clashes } = merge(set("items.bife.price", 120), set("items.bife.price", 110));
  expect(doc.items[0]).toMatchObject({ price: 120 });
  expect(clashes).toEqual([["items.bife.price", 120, 110]]);
});

test("a row that one took away and the other changed is asked about, whoever did which", () => {
  const gone = { ...BASE, items: [BIFE, AGUA] };
  const dear = set("items.flan.price", 50);
  expect(merge(dear, gone)).toEqual({ doc: dear, clashes: [["items.flan", { ...FLAN, price: 50 }, undefined]] });
  expect(merge(gone, dear)).toEqual({ doc: gone, clashes: [["items.flan", undefined, { ...FLAN, price: 50 }]] });
});

test("a row that one took away and nobody touched is gone", () => {
  const gone = { ...BASE, items: [BIFE, AGUA] };
  expect(merge(set("name", "Día"), gone)).toEqual({ doc: { ...gone, name: "Día" }, clashes: [] });
});

test("rows that both added are both there, and whoever moved rows is followed", () => {
  const [vino, te] = [{ id: "vino" }, { id: "te" }];
  const ours = { ...BASE, items: [AGUA, BIFE, vino, FLAN] };
  const theirs = { ...BASE, items: [BIFE, te, FLAN, AGUA] };
  const { doc, clashes } = merge(ours, theirs);
  expect(doc.items.map(({ id }) => id)).toEqual(["agua", "bife", "te", "vino", "flan"]);
  expect(clashes).toEqual([]);
});
