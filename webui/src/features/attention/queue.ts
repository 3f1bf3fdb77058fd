import type { AttentionView } from "$generated/vocabulary";
import { type Heat, heatOf } from "$lib/heat";
import type { Command } from "$lib/outbox";

/** A card of the queue: the oldest of its table and kind, and those that joined it. */
export interface Card {
  key: string;
  view: AttentionView;
  others: AttentionView[];
  heat: Heat;
}

const RANK: Record<string, number> = { ready: 0, draft: 1, bill: 2, call: 3, pass: 3, nudge: 4 };

/** The cards to show now: one for each table and kind, faults first, then what is red, then by kind, oldest first. */
export function cardsOf(views: AttentionView[], nowMs: number, hidden: ReadonlySet<string> = new Set()): Card[] {
  const groups = new Map<string, AttentionView[]>();
  for (const view of views) {
    if (view.appears_at_ms > nowMs || hidden.has(view.key)) continue;
    const group = groupKey(view);
    groups.set(group, [...(groups.get(group) ?? []), view]);
  }
  const cards = [...groups.entries()].map(([key, group]): Card => {
    const [view, ...others] = group.toSorted((a, b) => a.since_ms - b.since_ms) as [AttentionView, ...AttentionView[]];
    return { key, view, others, heat: heatOf(view, nowMs) };
  });
  return cards.sort((a, b) => rankOf(a) - rankOf(b) || a.view.since_ms - b.view.since_ms);
}

/** Who listens here: a waiter in the room, or the till and the managers, who hear what the room left unanswered. */
export interface Listener {
  staffId: string;
  hears: "room" | "till";
}

/** Whether it is theirs now: their own, what they have open, or, by the times of the edge, everybody's. */
export function isMine(view: AttentionView, { staffId, hears }: Listener, nowMs: number): boolean {
  if (view.kind === "fault") return true;
  if (staffId && (view.waiter_id === staffId || view.claimed_by === staffId)) return true;
  const atMs = hears === "till" ? view.till_at_ms : view.everyone_at_ms;
  return atMs > 0 && nowMs >= atMs;
}

/** Faults with what was taken on this device and the edge has not shown yet. */
export function withTaken(
  views: AttentionView[],
  commands: Pick<Command, "name" | "body" | "asked_at_ms">[],
  by: string,
): AttentionView[] {
  const taken = new Map(
    commands.flatMap(({ name, body, asked_at_ms }) => (name === "take_fault" ? [[body.fault_id, asked_at_ms]] : [])),
  );
  return views.map((view) => {
    const takenAtMs = view.kind === "fault" ? taken.get(view.fault_id) : undefined;
    return takenAtMs === undefined ? view : { ...view, taken_by_name: by, taken_at_ms: takenAtMs };
  });
}

/** Whether something fails that nobody sees to: what rings again and again. */
export function isAlarming(views: readonly AttentionView[]): boolean {
  return views.some((view) => view.kind === "fault" && view.taken_by_name === "");
}

/** The queue as the finger expects it: what is known keeps its place, what left goes, what came waits. */
export function holdOrder(shown: readonly string[], cards: readonly Card[]): { keys: string[]; waiting: number } {
  const known = new Set(cards.map((card) => card.key));
  const keys = shown.filter((key) => known.has(key));
  const held = new Set(keys);
  return { keys, waiting: cards.filter((card) => !held.has(card.key)).length };
}

/** Cards whose act is already on its way from this device. */
export function settledBy(views: AttentionView[], commands: Pick<Command, "name" | "body">[]): Set<string> {
  const done = new Set<string>();
  for (const view of views) {
    const isDone = commands.some(({ name, body }) => {
      if (name === "confirm_draft" || name === "reject_draft")
        return view.draft_id !== "" && body.draft_id === view.draft_id;
      if (name === "answer_call") return view.call_id !== "" && body.call_id === view.call_id;
      const isCourse = body.check_id === view.check_id && body.course === view.course;
      if (name === "pick_up_course") return (view.kind === "ready" || view.kind === "pass") && isCourse;
      if (name === "answer_pass_call") return view.kind === "pass" && isCourse;
      return name === "fire_course" && view.kind === "nudge" && isCourse;
    });
    if (isDone) done.add(view.key);
  }
  return done;
}

function groupKey(view: AttentionView): string {
  if (view.kind === "fault" || view.table_id === "") return view.key;
  return `${view.kind}:${view.table_id}${view.kind === "ready" || view.kind === "nudge" ? `:${view.check_id}:${view.course}:${view.title}` : ""}`;
}

function rankOf(card: Card): number {
  if (card.view.kind === "fault") return 0;
  return card.heat === "red" ? 1 : 2 + (RANK[card.view.kind] ?? 5);
}
