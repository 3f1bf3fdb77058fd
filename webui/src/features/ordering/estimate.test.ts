import { describe, expect, test } from "vitest";
import type { LineAsk } from "$generated/vocabulary";
import { SAMPLE_MENU, sampleOrdered } from "$lib/samples/service";
import { askOf, defaultModifiers, estimate, estimateHeld, estimateTotal, toggleModifier } from "./estimate";

const line = (by: Partial<LineAsk>): LineAsk => ({ line_id: "l", item_id: "bife", quantity: 1, ...by });

describe("the estimate of a line", () => {
  test("adds the options chosen, the first free ones at no cost", () => {
    const priced = estimate(
      SAMPLE_MENU,
      line({ modifier_ids: ["doneness/rare", "side/mash", "side/chips"], quantity: 2 }),
    );
    expect(priced.unitMinor).toBe(2_450_000 + 150_000);
    expect(priced.grossMinor).toBe(2 * 2_600_000);
    expect(priced.missing).toEqual([]);
  });

  test("puts a size's price in the place of the item's", () => {
    expect(estimate(SAMPLE_MENU, line({ item_id: "vino", variant_id: "bottle" })).unitMinor).toBe(1_800_000);
  });

  test("names what is missing: a group, or a size as an empty name", () => {
    expect(estimate(SAMPLE_MENU, line({})).missing).toEqual(["Punto"]);
    expect(estimate(SAMPLE_MENU, line({ item_id: "vino" })).missing).toEqual([""]);
  });

  test("counts an option named twice once, and none that the item has not", () => {
    const priced = estimate(SAMPLE_MENU, line({ modifier_ids: ["side/chips", "side/chips", "other/x"] }));
    expect(priced.modifiers).toHaveLength(1);
  });

  test("never falls under zero", () => {
    const menu = structuredClone(SAMPLE_MENU);
    menu.groups[1]!.free_count = 0;
    menu.groups[1]!.modifiers[0]!.price_minor = -9_000_000;
    expect(estimate(menu, line({ modifier_ids: ["side/mash"] })).unitMinor).toBe(0);
  });

  test("is nothing for an item that left the menu", () => {
    expect(estimateTotal(SAMPLE_MENU, [line({ item_id: "gone" }), line({ item_id: "agua", quantity: 3 })])).toBe(
      840_000,
    );
  });
});

describe("the estimate of a line that stands on a check", () => {
  const held = sampleOrdered("l", "Bife", {
    item_id: "bife",
    modifiers: [{ group_id: "doneness", modifier_id: "rare", name: "Jugoso", price_minor: 5_000 }],
    unit_minor: 1_005_000,
  });

  test("keeps its price, whatever the menu says today, also of a dish that left it", () => {
    for (const item_id of ["bife", "gone"]) {
      const line = { ...held, item_id };
      const edited = estimateHeld(SAMPLE_MENU, { ...askOf(line), quantity: 3, note: "sin sal" }, line);
      expect(edited.grossMinor).toBe(3 * 1_005_000);
      expect(edited.missing).toEqual([]);
    }
  });

  test("adds what another option costs, and leaves those chosen before at their price", () => {
    const ask = { ...askOf(held), modifier_ids: ["doneness/rare", "side/mash", "side/chips"] };
    const plain = estimate(SAMPLE_MENU, ask).modifiers.reduce((sum, one) => sum + one.price_minor, 0);
    expect(estimateHeld(SAMPLE_MENU, ask, held).unitMinor).toBe(1_005_000 + plain);
  });

  test("is today's for another size or dish", () => {
    const ask = line({ item_id: "vino", variant_id: "bottle" });
    expect(estimateHeld(SAMPLE_MENU, ask, held).unitMinor).toBe(1_800_000);
  });
});

describe("options", () => {
  const [doneness, side] = SAMPLE_MENU.groups as [(typeof SAMPLE_MENU.groups)[0], (typeof SAMPLE_MENU.groups)[0]];

  test("begin as the menu marks them", () => {
    expect(defaultModifiers(SAMPLE_MENU, SAMPLE_MENU.items[2]!)).toEqual(["side/mash"]);
  });

  test("of one are replaced and cannot be emptied when required", () => {
    expect(toggleModifier(doneness, ["doneness/rare"], "well")).toEqual(["doneness/well"]);
    expect(toggleModifier(doneness, ["doneness/rare"], "rare")).toEqual(["doneness/rare"]);
  });

  test("of several go on and off until the group is full", () => {
    expect(toggleModifier(side, ["side/mash"], "chips")).toEqual(["side/mash", "side/chips"]);
    expect(toggleModifier(side, ["side/mash", "side/chips"], "salad")).toEqual(["side/mash", "side/chips"]);
    expect(toggleModifier(side, ["side/mash"], "mash")).toEqual([]);
  });
});

test("a line asked again costs what it cost", () => {
  const ordered = sampleOrdered("l", "Bife", {
    item_id: "bife",
    modifiers: [{ group_id: "doneness", modifier_id: "rare", name: "Jugoso", price_minor: 0 }],
  });
  expect(askOf(ordered).modifier_ids).toEqual(["doneness/rare"]);
  expect(estimate(SAMPLE_MENU, askOf(ordered)).unitMinor).toBe(2_450_000);
});
