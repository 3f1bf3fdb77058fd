import { type Cart, emptyCart, type Kept, type Outgoing } from "$features/guests/visit";
import type { DraftView, Menu } from "$generated/vocabulary";
import { newId } from "$lib/ids";
import type { Fact } from "$lib/outbox";
import { asksOf, joinCarts, wishesOf } from "./cart";

// What a guest does, as one kept state to the next: each is written in one go, so a phone that dies in between has
// either not begun or is done.

/** The cart goes out as a draft, or as the change of one; what was set aside for that comes back. */
export function sent(kept: Kept, menu: Menu, nowMs: number): Kept {
  const { cart } = kept;
  if (cart.lines.length === 0) return kept;
  const draft_id = cart.changing || newId();
  const body = { draft_id, lines: asksOf(menu, cart), note: cart.note.trim(), allergies: cart.allergies };
  const name = cart.changing ? "change_draft" : "submit_draft";
  return {
    ...kept,
    cart: kept.aside ?? emptyCart(),
    aside: null,
    sent: { ...kept.sent, [draft_id]: cart },
    outbox: [...kept.outbox, outgoing(name, body, cart, nowMs)],
    refused: null,
  };
}

/** Something small goes out: a call, a draft taken back. */
export function asked(kept: Kept, name: string, body: Record<string, unknown>, nowMs: number): Kept {
  return { ...kept, outbox: [...kept.outbox, outgoing(name, body, null, nowMs)], refused: null };
}

/** A draft that waits is open for change; what was chosen meanwhile waits aside. */
export function opened(kept: Kept, draft: DraftView): Kept {
  const { note, allergies, draft_id } = draft;
  return {
    ...kept,
    cart: { lines: wishesOf(draft), note, allergies: [...allergies], changing: draft_id },
    aside: kept.cart.changing ? kept.aside : kept.cart,
    refused: null,
  };
}

/** The draft stays as it was sent. */
export function leftAlone(kept: Kept): Kept {
  return { ...kept, cart: kept.aside ?? emptyCart(), aside: null };
}

/** A draft that never left this phone is back in the cart; null when it may have left, and must be asked for. */
export function takenBack(kept: Kept, draftId: string): Kept | null {
  const waiting = kept.outbox.find((one) => one.command.name === "submit_draft" && draftOf(one) === draftId);
  if (!waiting || waiting.tries > 0) return null;
  const cart = joinCarts(waiting.cart ?? emptyCart(), kept.cart);
  return { ...kept, cart, outbox: kept.outbox.filter((one) => one !== waiting) };
}

/** What a draft asked is in the cart again, as new lines; the draft that nobody took is put away. */
export function askedAgain(kept: Kept, draft: DraftView): Kept {
  const lines = wishesOf(draft).map((wish) => ({ ...wish, line_id: newId() }));
  const again = { lines, note: draft.note, allergies: [...draft.allergies], changing: "" };
  return { ...kept, cart: joinCarts(kept.cart, again), putAway: [...kept.putAway, draft.draft_id] };
}

/** The edge has it. */
export function done(kept: Kept, commandId: string): Kept {
  return { ...kept, outbox: kept.outbox.filter((one) => one.command.id !== commandId) };
}

/** The edge said no: the lines come back, unless a waiter has the draft already. */
export function refused(kept: Kept, commandId: string, code: string, facts: Record<string, Fact>): Kept {
  const found = kept.outbox.find((one) => one.command.id === commandId);
  if (!found) return kept;
  return { ...givenBack(done(kept, commandId), found, code), refused: { name: found.command.name, code, facts } };
}

/** These are about to travel. */
export function tried(kept: Kept, commandIds: readonly string[]): Kept {
  const outbox = kept.outbox.map((one) =>
    commandIds.includes(one.command.id) ? { ...one, tries: one.tries + 1 } : one,
  );
  return { ...kept, outbox };
}

function givenBack(kept: Kept, { cart, command }: Outgoing, code: string): Kept {
  if (!cart || code === "draft_claimed" || code === "draft_settled") return kept;
  if (cart.changing && !kept.cart.changing) return { ...kept, cart, aside: kept.cart };
  const { [String(command.body.draft_id)]: _, ...rest } = kept.sent;
  return { ...kept, sent: rest, cart: joinCarts({ ...cart, changing: "" }, kept.cart) };
}

function draftOf(one: Outgoing): unknown {
  return one.command.body.draft_id;
}

function outgoing(name: string, body: Record<string, unknown>, cart: Cart | null, nowMs: number): Outgoing {
  return { command: { id: newId(), name, body, asked_at_ms: nowMs }, tries: 0, cart };
}
