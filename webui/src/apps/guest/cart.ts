import type { Cart, Wish } from "$features/guests/visit";
import { askOf, estimate } from "$features/ordering/estimate";
import type { DraftView, LineAsk, Menu, MenuItem } from "$generated/vocabulary";

export const MOST_OF_ONE = 99;

/** Why a line cannot be sent as it is. */
export type Trouble = "sold_out" | "gone" | "choose";

/** The cart with one more wish; the same dish with the same choices only counts up. */
export function withWish(cart: Cart, wish: Wish): Cart {
  const same = cart.lines.find((line) => line.line_id !== wish.line_id && isAlike(line, wish));
  if (!same) return { ...cart, lines: [...cart.lines, wish] };
  return withQuantity(cart, same.line_id, same.quantity + wish.quantity);
}

/** The cart with a line chosen anew, in its place. */
export function withChanged(cart: Cart, wish: Wish): Cart {
  return { ...cart, lines: cart.lines.map((line) => (line.line_id === wish.line_id ? wish : line)) };
}

/** The cart with another quantity of a line; none takes the line off. */
export function withQuantity(cart: Cart, lineId: string, quantity: number): Cart {
  if (quantity < 1) return { ...cart, lines: cart.lines.filter((line) => line.line_id !== lineId) };
  const most = Math.min(MOST_OF_ONE, quantity);
  return { ...cart, lines: cart.lines.map((line) => (line.line_id === lineId ? { ...line, quantity: most } : line)) };
}

/** The cart with a line again that was taken off, where it stood. */
export function withLineBack(cart: Cart, line: Wish, place: number): Cart {
  if (cart.lines.some((one) => one.line_id === line.line_id)) return cart;
  return { ...cart, lines: [...cart.lines.slice(0, place), line, ...cart.lines.slice(place)] };
}

/** Both carts in one: what came back from a refusal, then what was chosen since. */
export function joinCarts(back: Cart, since: Cart): Cart {
  const lines = since.lines.reduce((cart, line) => withWish(cart, line), back).lines;
  const allergies = [...new Set([...back.allergies, ...since.allergies])];
  return { lines, note: since.note || back.note, allergies, changing: since.changing || back.changing };
}

export function countOf(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

export function countOfItem(cart: Cart, itemId: string): number {
  return cart.lines.filter((line) => line.item_id === itemId).reduce((sum, line) => sum + line.quantity, 0);
}

/** What it would cost today. An estimate: the edge prices every line itself. */
export function totalOf(menu: Menu, cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + estimate(menu, line).grossMinor, 0);
}

/** The lines that cannot be sent, and why. */
export function troublesOf(menu: Menu, soldOut: readonly string[], cart: Cart): Map<string, Trouble> {
  const found = new Map<string, Trouble>();
  for (const line of cart.lines) {
    const { item, missing, modifiers } = estimate(menu, line);
    if (!item || item.is_hidden_from_guests) found.set(line.line_id, "gone");
    else if (soldOut.includes(line.item_id)) found.set(line.line_id, "sold_out");
    else if (missing.length > 0 || modifiers.length < line.modifier_ids.length) found.set(line.line_id, "choose");
  }
  return found;
}

/** The lines as they travel, with the price that was shown: another one refuses instead of surprising. */
export function asksOf(menu: Menu, cart: Cart): LineAsk[] {
  return cart.lines.map((line) => ({ ...line, shown_minor: estimate(menu, line).unitMinor }));
}

/** What a draft asks, to change it or to ask it again. */
export function wishesOf(draft: Pick<DraftView, "lines">): Wish[] {
  return draft.lines.map((line) => {
    const {
      line_id,
      item_id,
      variant_id = "",
      modifier_ids = [],
      quantity = 1,
      note = "",
      allergies = [],
    } = askOf(line);
    return { line_id, item_id, variant_id, modifier_ids, quantity, note, allergies };
  });
}

/** Whether one touch can add a dish: it is the only size and asks nothing. */
export function isSimple(menu: Menu, item: MenuItem): boolean {
  if (item.variants.length > 0) return false;
  return item.group_ids.every((id) => menu.groups.every((group) => group.id !== id || group.min === 0));
}

function isAlike(one: Wish, other: Wish): boolean {
  return wishKey(one) === wishKey(other);
}

function wishKey(wish: Wish): string {
  return JSON.stringify([
    wish.item_id,
    wish.variant_id,
    [...wish.modifier_ids].sort(),
    wish.note,
    [...wish.allergies].sort(),
  ]);
}
