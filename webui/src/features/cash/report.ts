import type { DayTotals } from "$generated/vocabulary";
import { request } from "$lib/api";
import { type Session, whoAsks } from "$lib/session.svelte";

/** The totals of the open period so far, for who may see them. Throws Problem. */
export function xReport(session: Pick<Session, "device" | "person">): Promise<DayTotals> {
  return request("/reports/x", whoAsks(session));
}
