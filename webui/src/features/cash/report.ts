import type { DayTotals } from "$generated/vocabulary";
import { request } from "$lib/api";
import type { Session } from "$lib/session.svelte";

/** The totals of the open period so far, for who may see them. Throws Problem. */
export function xReport({ device, person }: Pick<Session, "device" | "person">): Promise<DayTotals> {
  return request("/reports/x", {
    token: device?.token ?? "",
    headers: person ? { "x-staff-session": person.session } : {},
  });
}
