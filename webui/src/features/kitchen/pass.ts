import type { AttentionView, TicketView } from "$generated/vocabulary";
import type { Unsettled } from "$lib/app.svelte";
import { allergiesOf, isVoid, openQuantity } from "./tickets";

/** One station's part of a course. */
export interface AtStation {
  stationId: string;
  done: number;
  of: number;
}

/** A course of a table on its way to the pass: one row of the expo screen. */
export interface OnPass {
  key: string;
  checkId: string;
  course: number;
  label: string;
  tableId: string;
  checkNumber: number;
  waiterName: string;
  firedAtMs: number;
  /** When it was fired; once it is ready, since when it waits. */
  sinceMs: number;
  lateAtMs: number;
  warnAtMs: number;
  stations: AtStation[];
  /** Dishes still missing: `1 bife`. */
  missing: { quantity: number; name: string }[];
  allergies: string[];
  /** Every station is done and nobody has taken it yet. */
  isReady: boolean;
  /** Since when its waiter is wanted here; 0 when nobody called, or somebody said that they come. */
  calledAtMs: number;
}

/** The courses that are being made or wait on the pass, oldest first. What was taken from the pass is gone. */
export function coursesOnPass(tickets: readonly TicketView[], attention: readonly AttentionView[]): OnPass[] {
  const sinceOf = (kind: string) =>
    new Map<string, number>(
      attention
        .filter((card) => card.kind === kind)
        .map((card) => [`${card.check_id}:${card.course}`, card.since_ms] as const),
    );
  const ready = sinceOf("ready");
  const called = sinceOf("pass");
  const groups = new Map<string, TicketView[]>();
  for (const ticket of tickets) {
    if (isVoid(ticket)) continue;
    const key = `${ticket.check_id}:${ticket.course}`;
    groups.set(key, [...(groups.get(key) ?? []), ticket]);
  }
  return [...groups]
    .filter(([key, group]) => ready.has(key) || group.some((ticket) => ticket.state === "open"))
    .map(([key, group]) => ({ ...row(key, group, ready.get(key) ?? 0), calledAtMs: called.get(key) ?? 0 }))
    .sort((a, b) => a.firedAtMs - b.firedAtMs);
}

function row(key: string, group: TicketView[], readyAtMs: number): Omit<OnPass, "calledAtMs"> {
  const open = group.filter((ticket) => ticket.state === "open");
  const oldest = (open.length > 0 ? open : group).toSorted((a, b) => a.fired_at_ms - b.fired_at_ms)[0]!;
  // Only what was fired with, or after, the oldest that is still open belongs to this round of the course.
  const now = group.filter((ticket) => ticket.fired_at_ms >= oldest.fired_at_ms || readyAtMs > 0);
  const stations = new Map<string, AtStation>();
  for (const ticket of now) {
    const dishes = ticket.lines.reduce((sum, line) => sum + (line.state === "void" ? 0 : line.quantity), 0);
    const at = stations.get(ticket.station_id) ?? { stationId: ticket.station_id, done: 0, of: 0 };
    stations.set(ticket.station_id, { ...at, of: at.of + dishes, done: at.done + dishes - openQuantity(ticket) });
  }
  const isReady = readyAtMs > 0 && open.length === 0;
  return {
    key,
    checkId: oldest.check_id,
    course: oldest.course,
    label: oldest.table_label,
    tableId: oldest.table_id,
    checkNumber: oldest.check_number,
    waiterName: oldest.waiter_name,
    firedAtMs: oldest.fired_at_ms,
    sinceMs: isReady ? readyAtMs : oldest.fired_at_ms,
    warnAtMs: oldest.warn_at_ms,
    lateAtMs: oldest.late_at_ms,
    stations: [...stations.values()],
    missing: missingOf(open),
    allergies: [...new Set(now.flatMap(allergiesOf))],
    isReady,
  };
}

function missingOf(open: TicketView[]): { quantity: number; name: string }[] {
  const dishes = new Map<string, number>();
  for (const line of open.flatMap((ticket) => ticket.lines)) {
    if (line.state === "open") dishes.set(line.name, (dishes.get(line.name) ?? 0) + line.quantity);
  }
  return [...dishes].map(([name, quantity]) => ({ name, quantity }));
}

/** Whether its waiter was called, here just now or anywhere. */
export function isCalled(row: OnPass, unsettled: readonly Pick<Unsettled, "command">[]): boolean {
  return (
    row.calledAtMs > 0 ||
    unsettled.some(
      ({ command: { name, body } }) =>
        name === "call_to_pass" && body.check_id === row.checkId && body.course === row.course,
    )
  );
}

/** Whether this screen already said that it was taken, and the edge has not shown it yet. */
export function taken(row: OnPass, unsettled: readonly Pick<Unsettled, "command">[]): boolean {
  return unsettled.some(
    ({ command: { name, body } }) =>
      name === "pick_up_course" && body.check_id === row.checkId && body.course === row.course,
  );
}
