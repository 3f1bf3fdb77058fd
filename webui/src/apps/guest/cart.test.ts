import { describe, expect, it } from "vitest";
import { type Cart, emptyCart, type Wish } from "$features/guests/visit";
import { SAMPLE_MENU as MENU } from "$lib/samples/service";
import {
  asksOf,
  countOf,
  countOfItem,
  isSimple,
  joinCarts,
  totalOf,
  troublesOf,
  withLineBack,
  withQuantity,
  withWish,
} from "./cart";
import { DishForm, SIZE, wishFor } from "./dish.svelte";
import { shareOf } from "./share";

const item = (id: string) => MENU.items.find((one) => one.id === id)!;
const wish = (item_id: string, by: Partial<Wish> = {}): Wish => ({
  line_id: `line-${item_id}`,
  item_id,
  variant_id: "",
  modifier_ids: [],
  quantity: 1,
  note: "",
  allergies: [],
  ...by,
});
const cart = (...lines: Wish[]): Cart => ({ ...emptyCart(), lines });

describe("the cart", () => {
  it("counts up the same dish with the same choices", () => {
    const twice = withWish(cart(wish("flan")), wish("flan", { line_id: "other" }));
    expect(twice.lines).toEqual([wish("flan", { quantity: 2 })]);
  });

  it.each([{ note: "sin sal" }, { allergies: ["milk"] }, { modifier_ids: ["side/chips"] }, { variant_id: "glass" }])(
    "keeps apart what differs: %j",
    (by) => {
      expect(withWish(cart(wish("bife")), wish("bife", { line_id: "other", ...by })).lines).toHaveLength(2);
    },
  );

  it("has a line again where it stood, once", () => {
    const whole = cart(wish("flan"), wish("bife", { note: "sin sal" }), wish("agua"));
    const without = withQuantity(whole, "line-bife", 0);
    const back = withLineBack(without, wish("bife", { note: "sin sal" }), 1);
    expect(back).toEqual(whole);
    expect(withLineBack(back, wish("bife", { note: "sin sal" }), 1)).toEqual(whole);
  });

  it("does not care in which order options were touched", () => {
    const one = wish("bife", { modifier_ids: ["side/mash", "side/chips"] });
    const other = wish("bife", { line_id: "other", modifier_ids: ["side/chips", "side/mash"] });
    expect(withWish(cart(one), other).lines).toHaveLength(1);
  });

  it("takes a line off at zero and stops at 99", () => {
    expect(withQuantity(cart(wish("flan")), "line-flan", 0).lines).toEqual([]);
    expect(withQuantity(cart(wish("flan")), "line-flan", 120).lines[0]?.quantity).toBe(99);
  });

  it("counts dishes, not lines", () => {
    const some = cart(wish("bife", { quantity: 2 }), wish("bife", { line_id: "b", note: "x" }), wish("flan"));
    expect([countOf(some), countOfItem(some, "bife")]).toEqual([4, 3]);
  });

  it("gives back what a refusal returned before what was chosen since", () => {
    const since = { ...cart(wish("flan", { line_id: "new" })), note: "" };
    const back = { ...cart(wish("bife")), note: "con limón", allergies: ["milk"] };
    const both = joinCarts(back, since);
    expect(both.lines.map((line) => line.item_id)).toEqual(["bife", "flan"]);
    expect([both.note, both.allergies]).toEqual(["con limón", ["milk"]]);
  });

  it("adds up sizes, options and those that cost nothing", () => {
    const wine = wish("vino", { variant_id: "glass", quantity: 2 });
    const bife = wish("bife", { modifier_ids: ["side/mash", "side/chips"] });
    expect(totalOf(MENU, cart(wine, bife))).toBe(2 * 450_000 + 2_450_000 + 150_000);
  });

  it("sends the price it showed, so that another one refuses", () => {
    const bife = wish("bife", { modifier_ids: ["doneness/rare", "side/mash", "side/chips"] });
    expect(asksOf(MENU, cart(bife))).toEqual([{ ...bife, shown_minor: 2_600_000 }]);
  });
});

describe("what keeps a line from being sent", () => {
  const bife = wish("bife", { modifier_ids: ["doneness/rare"] });

  it.each([
    ["nothing", bife, [], undefined],
    ["it sold out", bife, ["bife"], "sold_out"],
    ["it left the menu", wish("gone"), [], "gone"],
    ["a required option is missing", wish("bife"), [], "choose"],
    ["the size is missing", wish("vino"), [], "choose"],
    ["an option left the menu", wish("flan", { modifier_ids: ["side/old"] }), [], "choose"],
  ])("%s", (_, line, soldOut, trouble) => {
    expect(troublesOf(MENU, soldOut, cart(line)).get(line.line_id)).toBe(trouble);
  });
});

describe("choosing a dish", () => {
  it("takes one touch only when nothing must be asked", () => {
    expect(["empanada", "mila", "bife", "vino"].map((id) => isSimple(MENU, item(id)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("begins with what the menu marks as usual, required questions first", () => {
    const form = new DishForm(MENU, item("bife"), undefined);
    expect(form.wish.modifier_ids).toEqual(["side/mash"]);
    expect(form.groups.map((group) => group.id)).toEqual(["doneness", "side"]);
  });

  it("takes the only size by itself", () => {
    const one = { ...item("vino"), variants: item("vino").variants.slice(0, 1) };
    expect(wishFor(MENU, one).variant_id).toBe("glass");
  });

  it("names the first question that is still open, and takes no wish until it is answered", () => {
    const form = new DishForm(MENU, item("bife"), undefined);
    expect([form.finish(), form.asked]).toEqual([null, "doneness"]);
    form.toggle(form.groups[0]!, "rare");
    expect(form.asked).toBe("");
    expect(form.finish()?.modifier_ids).toEqual(["side/mash", "doneness/rare"]);
  });

  it("asks for the size before anything else", () => {
    const form = new DishForm(MENU, item("vino"), undefined);
    expect(form.open).toBe(SIZE);
    form.chooseSize("bottle");
    expect(form.finish()?.variant_id).toBe("bottle");
  });

  it("changes the answer to a question that takes one, and keeps one", () => {
    const form = new DishForm(MENU, item("bife"), undefined);
    const [doneness] = form.groups;
    form.toggle(doneness!, "rare");
    form.toggle(doneness!, "well");
    form.toggle(doneness!, "well");
    expect(form.chosenOf(doneness!)).toBe(1);
    expect(form.wish.modifier_ids).toContain("doneness/well");
  });

  it("offers no more than a question takes", () => {
    const form = new DishForm(MENU, item("bife"), undefined);
    const side = form.groups[1]!;
    form.toggle(side, "chips");
    expect(form.choicesOf(side).map((one) => [one.id, one.isOn, one.isDisabled])).toEqual([
      ["mash", true, false],
      ["chips", true, false],
      ["salad", false, true],
    ]);
  });

  it("edits a copy: leaving without saving changes nothing", () => {
    const line = wish("bife", { modifier_ids: ["doneness/rare"] });
    const form = new DishForm(MENU, item("bife"), line);
    form.toggle(form.groups[0]!, "well");
    expect(line.modifier_ids).toEqual(["doneness/rare"]);
  });
});

describe("equal parts", () => {
  it.each([
    [10_000_00, 3, 0, 3_334_00],
    [10_000_00, 4, 10, 2_750_00],
    [0, 2, 10, 0],
  ])("%d among %d with %d %% of tip is %d each, whole pesos that cover it", (left, people, tipPercent, each) => {
    expect(shareOf(left, { people, tipPercent })).toBe(each);
  });
});
