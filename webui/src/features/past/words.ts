import type { CheckMoment, ClosedCheck } from "$generated/vocabulary";
import * as m from "$lib/messages";
import { kindWord } from "$lib/words/adjustments";

const MOMENTS: Record<string, () => string> = {
  check_opened: m.past_check_opened,
  covers_set: m.past_covers_set,
  draft_confirmed: m.past_draft_confirmed,
  lines_added: m.past_lines_added,
  line_changed: m.past_line_changed,
  line_voided: m.past_line_voided,
  lines_sent: m.past_lines_sent,
  course_fired: m.past_course_fired,
  ticket_bumped: m.past_ticket_bumped,
  ticket_recalled: m.past_ticket_recalled,
  course_picked_up: m.past_course_picked_up,
  check_moved: m.past_check_moved,
  guest_check_printed: m.past_guest_check_printed,
  adjusted: m.past_adjusted,
  adjustment_removed: m.past_adjustment_removed,
  payment_taken: m.past_payment_taken,
  tip_given: m.past_tip_given,
  check_closed: m.past_check_closed,
  check_abandoned: m.past_check_abandoned,
  receipt_printed: m.past_receipt_printed,
};

/** What was done, in a word or two; an op of another release keeps its name. */
export function momentWord({ kind, adjustment }: Pick<CheckMoment, "kind" | "adjustment">): string {
  const word = MOMENTS[kind]?.() ?? kind;
  return adjustment ? `${word} ${kindWord(adjustment).toLocaleLowerCase()}` : word;
}

/** `Cuenta 412`, where the title does not say it already. */
export function closedNumber(check: Pick<ClosedCheck, "table_label" | "name" | "number">): string {
  return check.table_label || check.name ? m.past_number({ number: check.number }) : "";
}

/** `Mesa 12`, the name of a tab, or `Mostrador · Cuenta 412`. */
export function closedTitle(check: Pick<ClosedCheck, "table_label" | "name" | "number">): string {
  if (check.table_label) return m.floor_table({ label: check.table_label });
  return check.name || m.past_counter({ number: check.number });
}
