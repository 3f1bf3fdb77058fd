import type { ReasonCode } from "$generated/vocabulary";
import * as m from "./messages";

const WORDS: Record<ReasonCode, () => string> = {
  slip: m.reasons_slip,
  changed_mind: m.reasons_changed_mind,
  delay: m.reasons_delay,
  made_wrong: m.reasons_made_wrong,
  returned: m.reasons_returned,
  change_in: m.reasons_change_in,
  settlement: m.reasons_settlement,
  supplier: m.reasons_supplier,
  delivery: m.reasons_delivery,
  advance: m.reasons_advance,
  to_safe: m.reasons_to_safe,
  much_cash: m.reasons_much_cash,
  give_change: m.reasons_give_change,
  check_note: m.reasons_check_note,
};

/** A reason as people read it: the words of a code, or what somebody typed. */
export function reasonWords(reason: string): string {
  return Object.hasOwn(WORDS, reason) ? WORDS[reason as ReasonCode]() : reason;
}
