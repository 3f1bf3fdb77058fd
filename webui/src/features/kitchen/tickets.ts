import type { TicketLineView, TicketView } from "$generated/vocabulary";
import type { Unsettled } from "$lib/app.svelte";

/** A ticket as this screen shows it: with what was done here and the edge has not shown yet. */
export interface ShownTicket extends TicketView {
  /** Something done to it waits on this device. */
  isKept: boolean;
}

/** How the head of a ticket is painted, worst first: the kitchen's bands. */
export type Band = "void" | "changed" | "late" | "first" | "calm";

type Acts = Pick<Unsettled, "command" | "seq">;

/** Tickets with the acts of this device laid over them, in order. */
export function shownTickets(tickets: readonly TicketView[], unsettled: readonly Acts[]): ShownTicket[] {
  const acts = new Map<string, Acts[]>();
  for (const act of unsettled) {
    const ticketId = act.command.body.ticket_id;
    if (typeof ticketId === "string") acts.set(ticketId, [...(acts.get(ticketId) ?? []), act]);
  }
  return tickets.map((ticket) => {
    const mine = acts.get(ticket.ticket_id) ?? [];
    const shown = mine.reduce((before, { command }) => acted(before, command), ticket);
    return { ...shown, isKept: mine.some(({ seq }) => seq === null) };
  });
}

/** Whether there is nothing left of it: every line was voided. */
export function isVoid(ticket: Pick<TicketView, "lines">): boolean {
  return ticket.lines.every((line) => line.state === "void");
}

/** The band of an open ticket now, by what the edge says of its station's thresholds. */
export function bandOf(ticket: TicketView, nowMs: number): Band {
  if (isVoid(ticket)) return "void";
  if (ticket.changed_at_ms > 0) return "changed";
  if (nowMs >= ticket.late_at_ms) return "late";
  return nowMs >= ticket.warn_at_ms ? "first" : "calm";
}

export function isLate(ticket: TicketView, nowMs: number): boolean {
  return ticket.state === "open" && !isVoid(ticket) && nowMs >= ticket.late_at_ms;
}

/** Whether a change is a move of the table: nothing was struck. */
export function isMoved(ticket: TicketView): boolean {
  return ticket.changed_at_ms > 0 && ticket.lines.every((line) => line.voided_quantity === 0);
}

/** Oldest first; of one moment, by the number printed on them. */
export function byAge(a: TicketView, b: TicketView): number {
  return a.fired_at_ms - b.fired_at_ms || a.number - b.number;
}

/** The allergies on a ticket that is still to be made, each once. */
export function allergiesOf(ticket: TicketView): string[] {
  return [...new Set(ticket.lines.flatMap((line) => (line.state === "void" ? [] : line.allergies)))];
}

/** Choices and what is left out, apart: `SIN cebolla` is never read as one more extra, and a sort called `Sin gas` leaves nothing out. */
export function choicesOf(line: Worded): { choices: string[]; without: string[] } {
  const { variant_name: variant = "" } = line;
  const options = optionsOf(line);
  const choices = options.filter((name) => !isWithout(name));
  return { choices: variant ? [variant, ...choices] : choices, without: options.filter(isWithout).map(afterWithout) };
}

/** What a total of one dish is split by: its extras and how it is done, not its size or what it goes without. */
export function extrasOf(line: Worded): string[] {
  return optionsOf(line).filter((name) => !isWithout(name));
}

/** What other stations make of the same course, and how many dishes they still have to make; 0 = done. */
export function elsewhere(ticket: TicketView, all: readonly TicketView[]): [stationId: string, open: number][] {
  const found = new Map<string, number>();
  for (const other of all) {
    if (other.station_id === ticket.station_id || other.check_id !== ticket.check_id) continue;
    if (other.course !== ticket.course || other.fired_at_ms !== ticket.fired_at_ms) continue;
    found.set(other.station_id, (found.get(other.station_id) ?? 0) + openQuantity(other));
  }
  return [...found];
}

/** Dishes still to make. */
export function openQuantity(ticket: TicketView): number {
  return ticket.lines.reduce((sum, line) => sum + (line.state === "open" ? line.quantity : 0), 0);
}

type Worded = Pick<TicketLineView, "modifiers"> & Partial<Pick<TicketLineView, "variant_name">>;

/** The words of a line beside its variant, which the edge puts first. */
function optionsOf({ modifiers, variant_name: variant = "" }: Worded): string[] {
  return variant && modifiers[0] === variant ? modifiers.slice(1) : [...modifiers];
}

function isWithout(name: string): boolean {
  return /^(sin|without)\s/i.test(name);
}

function afterWithout(name: string): string {
  return name.replace(/^\S+\s+/, "");
}

function acted(ticket: TicketView, command: Unsettled["command"]): TicketView {
  switch (command.name) {
    case "bump_ticket":
      return ticket.state === "open" ? done(ticket, command.asked_at_ms) : ticket;
    case "bump_line": {
      const lines = ticket.lines.map((line) =>
        line.line_id === command.body.line_id && line.state === "open" ? { ...line, state: "bumped" } : line,
      );
      const isDone = ticket.state === "open" && !lines.some((line) => line.state === "open");
      return isDone ? done({ ...ticket, lines }, command.asked_at_ms) : { ...ticket, lines };
    }
    case "recall_ticket":
      return ticket.state === "open" ? ticket : { ...ticket, ...reopened(ticket) };
    case "see_ticket_change": {
      const lines = ticket.lines.map((line) => ({ ...line, voided_quantity: 0 })).filter((line) => line.quantity > 0);
      const seen = { ...ticket, lines, changed_at_ms: 0 };
      const isOver = ticket.state === "open" && !lines.some((line) => line.state === "open");
      return isOver ? done(seen, command.asked_at_ms) : seen;
    }
    default:
      return ticket;
  }
}

function done(ticket: TicketView, atMs: number): TicketView {
  const lines = ticket.lines.map((line) => (line.state === "open" ? { ...line, state: "bumped" } : line));
  return { ...ticket, lines, state: "bumped", bumped_at_ms: atMs };
}

function reopened(ticket: TicketView): Partial<TicketView> {
  const lines = ticket.lines.map((line) => (line.state === "bumped" ? { ...line, state: "open" } : line));
  return { lines, state: "open", bumped_at_ms: 0 };
}
