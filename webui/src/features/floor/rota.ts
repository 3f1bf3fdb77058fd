import type { DeviceView, StaffView, TableView } from "$generated/vocabulary";
import * as m from "$lib/messages";
import { compareText } from "$lib/text";

/** Nobody, as a choice among people: no id of a person has such a name. */
export const NOBODY = "-";

/** Whether somebody can be rung: on a screen in sight, on one that nobody sees, or on none. */
export type Presence = "awake" | "asleep" | "out";

/** Somebody who may serve a section, and whether they can be rung. */
export interface Server {
  staff_id: string;
  name: string;
  presence: Presence;
}

const SERVING = ["waiter", "cashier", "manager"];

/** Who may serve a section: those who can be rung first, then by name. The office rings nobody. */
export function rotaPeople(staff: readonly StaffView[], devices: readonly DeviceView[]): Server[] {
  const awake = new Set(devices.filter((one) => one.is_awake && one.role !== "manage").map((one) => one.device_id));
  const presenceOf = ({ signed_in_on }: StaffView): Presence =>
    signed_in_on.some((id) => awake.has(id)) ? "awake" : signed_in_on.length > 0 ? "asleep" : "out";
  const rank: Presence[] = ["awake", "asleep", "out"];
  return staff
    .filter((one) => SERVING.includes(one.role))
    .map((one) => ({ staff_id: one.staff_id, name: one.name, presence: presenceOf(one) }))
    .sort((a, b) => rank.indexOf(a.presence) - rank.indexOf(b.presence) || compareText(a.name, b.name));
}

/** Why somebody could not be rung; nothing of those who can. */
export function presenceWord(presence: Presence): string {
  if (presence === "awake") return "";
  return presence === "asleep" ? m.floor_rota_asleep() : m.floor_rota_out();
}

/** Why what happens in their section is everybody's: `Ana: pantalla apagada`. */
export function silentWord({ name, presence }: Server): string {
  return presence === "asleep" ? m.attention_away_asleep({ name }) : m.attention_away_out({ name });
}

/** `8 mesas`. */
export function tableCount(tables: readonly TableView[], sectionId: string): string {
  const count = tables.filter((one) => one.section_id === sectionId).length;
  return m.floor_rota_tables({ count });
}
