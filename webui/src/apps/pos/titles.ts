import type { CheckView } from "$generated/vocabulary";
import * as m from "$lib/messages";

/** `Mesa 12`, `Mostrador · Cuenta 412`, or the name of a tab. */
export function checkTitle(check: CheckView): string {
  if (check.table_label) return m.floor_table({ label: check.table_label });
  return check.name || m.pos_counter_title({ number: check.number });
}
