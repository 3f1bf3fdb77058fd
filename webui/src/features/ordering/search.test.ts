import { expect, test } from "vitest";
import { SAMPLE_MENU } from "$lib/samples/service";
import { searchItems } from "./search";

const found = (query: string) => searchItems(SAMPLE_MENU, query).map((item) => item.id);

test("ignores accents and case and takes the beginning of any word", () => {
  expect(found("CHÓRI")).toEqual(["bife"]);
  expect(found("dulce flan")).toEqual(["flan"]);
});

test("knows nicknames and puts an exact code first", () => {
  expect(found("mila")).toEqual(["mila"]);
  expect(found("17")[0]).toBe("empanada");
});

test("shows favourites before anything is typed and nothing for what does not exist", () => {
  expect(found("")).not.toContain("provoleta");
  expect(found("zzz")).toEqual([]);
});

test("puts what sells before what begins the same", () => {
  const plain = { ...SAMPLE_MENU.items.find((item) => item.id === "agua")!, id: "aguado", name: "Agua aromática" };
  const menu = { ...SAMPLE_MENU, items: [...SAMPLE_MENU.items, { ...plain, is_favourite: false }] };
  expect(searchItems(menu, "agua").map((item) => item.id)).toEqual(["agua", "aguado"]);
});
