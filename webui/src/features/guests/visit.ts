import type { DraftView, GuestView, Joined } from "$generated/vocabulary";
import type { Command, Fact } from "$lib/outbox";

/** The stay that this phone joined by scanning a table's code. */
export type Visit = Joined;

/** A line as the guest chose it. */
export interface Wish {
  line_id: string;
  item_id: string;
  variant_id: string;
  modifier_ids: string[]; // "group_id/modifier_id"
  quantity: number;
  note: string;
  allergies: string[];
}

/** What was chosen and not sent. */
export interface Cart {
  lines: Wish[];
  note: string;
  allergies: string[];
  /** The draft that these lines replace; "" for a new one. */
  changing: string;
}

/** A command on its way, with what was chosen, so that a refusal gives it back. */
export interface Outgoing {
  command: Command;
  tries: number;
  cart: Cart | null;
}

/** What the edge said no to, until the guest has read it. */
export interface Refused {
  name: string;
  code: string;
  facts: Record<string, Fact>;
}

/** Everything this phone keeps, written in one go so that nothing is ever half there. */
export interface Kept {
  visit: Visit | null;
  view: GuestView | null;
  /** The check was closed; kept so that a reload says so too. */
  isOver: boolean;
  cart: Cart;
  /** What was chosen before a sent draft was opened for change; it comes back afterwards. */
  aside: Cart | null;
  touchedAtMs: number;
  outbox: Outgoing[];
  /** What this phone asked, by draft id. */
  sent: Record<string, Cart>;
  refused: Refused | null;
  /** Drafts that nobody took and that the guest asked again. */
  putAway: string[];
}

/** Nothing chosen. */
export function emptyCart(): Cart {
  return { lines: [], note: "", allergies: [], changing: "" };
}

/** What a phone knows that never scanned anything. */
export function nothingKept(): Kept {
  return {
    visit: null,
    view: null,
    isOver: false,
    cart: emptyCart(),
    aside: null,
    touchedAtMs: 0,
    outbox: [],
    sent: {},
    refused: null,
    putAway: [],
  };
}

/** What was chosen goes along to a new visit only this long: a party that scans again, not yesterday's guest. */
const CART_LIFE_MS = 2 * 3_600_000;

/** What is kept once a visit was joined: joining the same one again changes nothing of it. */
export function joined(kept: Kept, visit: Visit, nowMs: number): Kept {
  if (kept.visit?.visit_id === visit.visit_id) return { ...kept, visit, isOver: false };
  const isRecent = nowMs - kept.touchedAtMs < CART_LIFE_MS;
  const chosen = kept.cart.changing ? (kept.aside ?? emptyCart()) : kept.cart;
  return { ...nothingKept(), visit, cart: isRecent ? chosen : emptyCart(), touchedAtMs: kept.touchedAtMs };
}

/**
 * Drafts that are still worth showing: not those asked again, nor those taken back, but for the newest one that this
 * phone took back, which a slip of the finger may want again.
 */
export function shownDrafts({ view, putAway, sent }: Pick<Kept, "view" | "putAway" | "sent">): DraftView[] {
  const drafts = view?.drafts ?? [];
  return drafts.filter(({ state, draft_id }, place) => {
    if (putAway.includes(draft_id)) return false;
    return state !== "withdrawn" || (place === 0 && draft_id in sent);
  });
}
