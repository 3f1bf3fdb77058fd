/** One place on the board: a ticket, or a part of a long one; while `holeUntilMs` is set it is done and can be recalled. */
export interface Slot {
  ticketId: string;
  /** From 0. */
  part: number;
  parts: number;
  holeUntilMs: number;
}

export type Slots = readonly (Slot | null)[];

/** What the board must know of a ticket to place it; `size` is how many slots it needs. */
export interface Placed {
  ticketId: string;
  firedAtMs: number;
  isOpen: boolean;
  size: number;
}

export interface BoardSettings {
  nowMs: number;
  /** Slots on one page. */
  perPage: number;
  /** Whether tickets of later pages may come forward: not while somebody reads those pages. */
  mayAdvance?: boolean;
}

export const HOLE_MS = 20_000;

/**
 * The board a moment later. A ticket keeps its slot until it is done; then the slot stays a hole for twenty seconds and takes
 * the next ticket that waits, the oldest first. Nothing else moves. A long ticket takes what is free and the rest when it can.
 */
export function arrange(slots: Slots, tickets: readonly Placed[], settings: BoardSettings): Slots {
  const { nowMs, perPage, mayAdvance } = settings;
  const known = new Map(tickets.map((ticket) => [ticket.ticketId, ticket]));
  const next = slots.map((slot) => slot && kept(slot, known.get(slot.ticketId), nowMs));
  const pageOf = (ticketId: string) => Math.floor(next.findIndex((slot) => slot?.ticketId === ticketId) / perPage);
  const byAge = tickets.filter((ticket) => ticket.isOpen).toSorted((a, b) => a.firedAtMs - b.firedAtMs);
  for (const { ticketId, size } of byAge) {
    const own = pageOf(ticketId);
    if (own >= 0) grow(next, ticketId, { size, page: own, perPage });
  }
  for (const { ticketId, size } of byAge) {
    const own = pageOf(ticketId);
    if (own >= 0 && !(mayAdvance && own > 0)) continue;
    const last = own >= 0 ? own : Number.POSITIVE_INFINITY;
    let page = 0;
    while (page < last && freeOn(next, page, perPage).length === 0) page += 1;
    if (page < last) put(next, ticketId, { size, page, perPage });
  }
  while (next.length > 0 && next.at(-1) === null) next.pop();
  return same(slots, next) ? slots : next;
}

/** How many pages there are; always one. */
export function pagesOf(slots: Slots, perPage: number): number {
  return Math.max(1, Math.ceil(slots.length / perPage));
}

/** The slots of a page, empty ones too. */
export function pageOf(slots: Slots, page: number, perPage: number): (Slot | null)[] {
  return Array.from({ length: perPage }, (_, index) => slots[page * perPage + index] ?? null);
}

/** How many open tickets are on other pages. */
export function elsewhereCount(slots: Slots, page: number, perPage: number): number {
  return slots.filter(
    (slot, index) => slot && slot.part === 0 && slot.holeUntilMs === 0 && Math.floor(index / perPage) !== page,
  ).length;
}

function kept(slot: Slot, ticket: Placed | undefined, nowMs: number): Slot | null {
  if (!ticket) return null;
  if (ticket.isOpen) {
    if (slot.part >= Math.max(1, ticket.size)) return null; // it got shorter: what was struck has been seen
    const parts = Math.min(slot.parts, ticket.size);
    return slot.holeUntilMs === 0 && parts === slot.parts ? slot : { ...slot, parts, holeUntilMs: 0 };
  }
  if (slot.holeUntilMs === 0) return { ...slot, holeUntilMs: nowMs + HOLE_MS };
  return nowMs < slot.holeUntilMs ? slot : null;
}

function freeOn(slots: readonly (Slot | null)[], page: number, perPage: number): number[] {
  return Array.from({ length: perPage }, (_, index) => page * perPage + index).filter((place) => !slots[place]);
}

interface Where {
  size: number;
  page: number;
  perPage: number;
}

/** Side by side where there is room for that, else in the first free slots; with fewer parts than it needs if there are fewer. */
function put(slots: (Slot | null)[], ticketId: string, { size, page, perPage }: Where): void {
  const free = freeOn(slots, page, perPage);
  const parts = Math.min(size, free.length);
  const run = free.findIndex((place, at) => free[at + parts - 1] === place + parts - 1);
  const places = free.slice(Math.max(run, 0)).slice(0, parts);
  slots.forEach((slot, place) => {
    if (slot?.ticketId === ticketId) slots[place] = null;
  });
  while (slots.length <= Math.max(...places)) slots.push(null);
  places.forEach((place, part) => {
    slots[place] = { ticketId, part, parts, holeUntilMs: 0 };
  });
}

/** The rest of a long ticket that did not fit when it came. */
function grow(slots: (Slot | null)[], ticketId: string, { size, page, perPage }: Where): void {
  const parts = slots.filter((slot) => slot?.ticketId === ticketId).length;
  const places = freeOn(slots, page, perPage).slice(0, Math.max(0, size - parts));
  if (places.length === 0) return;
  while (slots.length <= Math.max(...places)) slots.push(null);
  const all = parts + places.length;
  slots.forEach((slot, place) => {
    if (slot?.ticketId === ticketId) slots[place] = { ...slot, parts: all };
  });
  places.forEach((place, index) => {
    slots[place] = { ticketId, part: parts + index, parts: all, holeUntilMs: 0 };
  });
}

function same(before: Slots, after: Slots): boolean {
  return before.length === after.length && before.every((slot, place) => slot === after[place]);
}
