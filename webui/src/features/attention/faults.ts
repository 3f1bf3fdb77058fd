import type { AttentionView } from "$generated/vocabulary";
import { now } from "$lib/clock.svelte";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import { ago } from "$lib/time";
import { faultWord } from "$lib/words/printing";

const ADVICE: Record<string, () => string> = {
  paper_out: m.attention_fault_do_paper,
  cover_open: m.attention_fault_do_cover,
  offline: m.attention_fault_do_offline,
  error: m.attention_fault_do_error,
  slow: m.attention_fault_do_slow,
  unconfirmed: m.attention_fault_do_unconfirmed,
};

/** What a printer does that prints all the same. */
const PRINTS: Record<string, (inputs: { name: string }) => string> = {
  slow: m.attention_fault_slow,
  unconfirmed: m.attention_fault_unconfirmed,
};

/** Whether it is about one ticket, whose paper did not come out. */
export function isPaper(view: AttentionView): boolean {
  return view.title === "ticket" || view.title === "slip";
}

/** What fails, in a few words: `Cocina no recibe comandas`. */
export function faultTitle(view: AttentionView): string {
  const [name = "", fault = ""] = view.details;
  if (view.title === "printer") return (PRINTS[fault] ?? m.attention_fault_printer)({ name });
  if (view.title === "station") return m.attention_fault_station({ name });
  if (view.title === "slip") return m.attention_fault_slip();
  return view.title === "ticket" ? m.attention_fault_paper() : m.common_state_failed();
}

/** Since when, and of a printer what it lacks: `sin papel hace 1 min`. */
export function sinceOf(view: AttentionView): string {
  const since = ago(now() - view.since_ms, locale());
  return view.title === "printer" ? `${faultWord(view.details[1] ?? "").toLowerCase()} ${since}` : since;
}

/** What to do about it. */
export function adviceOf(view: AttentionView): string {
  const [, second = ""] = view.details;
  if (view.title === "printer") return (ADVICE[second] ?? m.attention_fault_do_error)();
  if (isPaper(view)) return m.attention_fault_do_reprint();
  return second ? m.attention_fault_do_both({ printer: second }) : m.attention_fault_do_screen();
}

/** The faults among the cards that have begun: those that nobody sees to first, then the oldest. */
export function faultsOf(views: readonly AttentionView[], nowMs: number): AttentionView[] {
  return views
    .filter((view) => view.kind === "fault" && view.appears_at_ms <= nowMs)
    .toSorted((a, b) => Number(a.taken_by_name !== "") - Number(b.taken_by_name !== "") || a.since_ms - b.since_ms);
}
