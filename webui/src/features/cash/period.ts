import type { DayTotals } from "$generated/vocabulary";
import * as m from "$lib/messages";
import { longDay, moment } from "$lib/time";

/** `11:40 a 17:05`: from the first thing that happened in a period until its Z, or now. */
export function spanOf(totals: DayTotals, untilMs: number, nowMs: number): string {
  const to = moment(untilMs, nowMs);
  return totals.opened_at_ms > 0 ? m.cash_period_span({ from: moment(totals.opened_at_ms, nowMs), to }) : to;
}

/** The business days that a period counts: one as a rule, more when a night or a Z came late. */
export function daysOf(totals: DayTotals, locale: string): string {
  const first = longDay(totals.business_day, locale);
  const last = totals.business_days.at(-1) ?? totals.business_day;
  return last === totals.business_day
    ? m.cash_day({ day: first })
    : m.cash_days({ first, last: longDay(last, locale) });
}

/** The drawers to count before a Z. One that comes a day late leaves alone what was opened today. */
export function uncounted<T extends { state: string; business_day: string }>(
  drawers: readonly T[],
  totals: DayTotals,
  today: string,
): T[] {
  const isLate = totals.business_day < today;
  return drawers.filter((one) => one.state === "open" && !(isLate && one.business_day === today));
}
