import type { DayTotals } from "$generated/vocabulary";
import { request } from "$lib/api";

/** The totals of the open period so far. Throws Problem. */
export function xReport(token: string): Promise<DayTotals> {
  return request("/reports/x", { token });
}
