import { untrack } from "svelte";
import { bumpLine, bumpTicket, recallTicket, seeChange, showTickets } from "$features/kitchen/actions";
import { step } from "$features/kitchen/keys";
import { FAR, NEAR, partsOf } from "$features/kitchen/sizes";
import { arrange, elsewhereCount, type Placed, pageOf, pagesOf, type Slot, type Slots } from "$features/kitchen/slots";
import type { ShownTicket } from "$features/kitchen/tickets";
import type { TicketLineView } from "$generated/vocabulary";
import { alone } from "$lib/alone";
import { now } from "$lib/clock.svelte";
import type { Kitchen } from "./kitchen.svelte";

/** Left alone on another page, the board goes back to the first. */
const BACK_AFTER_MS = 30_000;

/** The board of a station: which ticket is in which slot, which page is shown and what a press does. */
export class BoardState {
  slots = $state.raw<Slots>([]);
  page = $state(0);
  /** The slot that Enter acts on, of the page shown. */
  chosen = $state<number | null>(null);
  #turnedAtMs = $state(0);
  /** What was told to be drawn here: once is enough. */
  readonly #told = new Set<string>();
  /** How many slots a page had when they were filled: with other letters everything is laid out anew. */
  #laidOutFor = 0;

  constructor(readonly kitchen: Kitchen) {}

  readonly layout = $derived.by(() => (this.kitchen.settings.isFar ? FAR : NEAR));
  readonly perPage = $derived(this.layout.columns * this.layout.rows);
  readonly pages = $derived(pagesOf(this.slots, this.perPage));
  readonly cells = $derived(pageOf(this.slots, this.page, this.perPage));
  readonly elsewhere = $derived(elsewhereCount(this.slots, this.page, this.perPage));
  readonly #placed = $derived.by(() => this.kitchen.tickets.map((ticket): Placed => this.#placedOf(ticket)));
  readonly #key = $derived.by(() => `kds:slots:${this.kitchen.place}:${this.perPage}`);

  /** What was in which slot before a reload. */
  async restore(): Promise<void> {
    const kept = await this.kitchen.app.work.get<Slots>(this.#key);
    if (!kept || this.slots.length > 0) return;
    this.slots = kept;
    this.#laidOutFor = this.perPage;
  }

  /** Keeps the board up to date; call inside an effect. */
  follow(): void {
    const nowMs = now();
    const { isRow } = this.kitchen.settings;
    const before = this.#laidOutFor === this.perPage ? untrack(() => this.slots) : [];
    this.#laidOutFor = this.perPage;
    if (this.page > 0 && nowMs - this.#turnedAtMs > BACK_AFTER_MS) this.page = 0;
    const settings = { nowMs, perPage: this.perPage, mayAdvance: this.page === 0 };
    const tickets = isRow ? this.#placed.filter((ticket) => ticket.isOpen) : this.#placed;
    const next = arrange(isRow ? [] : before, tickets, settings);
    if (next === before || (isRow && JSON.stringify(next) === JSON.stringify(before))) return;
    this.slots = next;
    if (!isRow) alone(this.kitchen.app.work.keep(this.#key, next));
    if (this.page >= untrack(() => this.pages)) this.page = 0;
  }

  /** Tells the edge which tickets are drawn here in somebody's sight: from there on the kitchen has them. Inside an effect. */
  tell(): void {
    const { app, screen, isInSight } = this.kitchen;
    if (screen !== "board" || !isInSight || !app.isReachable || !app.views.isFresh) return;
    const fresh = this.cells.flatMap((slot) => {
      const ticket = slot && this.ticketOf(slot);
      const isNews = ticket?.state === "open" && (ticket.reached === "" || ticket.reached === "failed");
      return isNews && !this.#told.has(ticket.ticket_id) ? [ticket] : [];
    });
    if (fresh.length === 0) return;
    for (const ticket of fresh) this.#told.add(ticket.ticket_id);
    untrack(() => alone(app.do(showTickets.command(fresh))));
  }

  ticketOf(slot: Slot): ShownTicket | undefined {
    return this.kitchen.byId.get(slot.ticketId);
  }

  /** The band or the key of a slot: recall a hole, acknowledge a change, else it is done. */
  press(cell: number): void {
    const slot = this.cells[cell];
    const ticket = slot && this.ticketOf(slot);
    if (!ticket) return;
    if (ticket.state !== "open") this.recall(ticket);
    else if (ticket.changed_at_ms > 0) alone(this.kitchen.run(seeChange, ticket));
    else alone(this.kitchen.run(bumpTicket, ticket));
  }

  pressLine(ticket: ShownTicket, line: TicketLineView): void {
    alone(this.kitchen.run(bumpLine, { ticket, line }));
  }

  recall(ticket: ShownTicket): void {
    alone(this.kitchen.run(recallTicket, ticket));
  }

  recallLast(): void {
    const last = this.kitchen.done[0];
    if (last) this.recall(last);
  }

  turn(by: 1 | -1): void {
    this.page = (this.page + by + this.pages) % this.pages;
    this.#turnedAtMs = now();
    this.chosen = null;
  }

  choose(move: "left" | "right" | "up" | "down"): void {
    this.chosen = step(this.chosen, { columns: this.layout.columns, rows: this.layout.rows, move });
  }

  pressChosen(): void {
    if (this.chosen !== null) this.press(this.chosen);
  }

  #placedOf(ticket: ShownTicket): Placed {
    return {
      ticketId: ticket.ticket_id,
      firedAtMs: ticket.fired_at_ms,
      isOpen: ticket.state === "open",
      size: partsOf(ticket, this.layout).length,
    };
  }
}
