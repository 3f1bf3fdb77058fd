import type { Views } from "$generated/vocabulary";
import * as m from "$lib/messages";
import type { ViewStore } from "$lib/store.svelte";

const ROLES: Record<string, () => string> = {
  waiter: m.people_devices_role_waiter,
  pos: m.people_devices_role_pos,
  kds: m.people_devices_role_kds,
};

/** `Caja` for `pos`. */
export function deviceRoleWord(role: string): string {
  return ROLES[role]?.() ?? role;
}

export function deviceRoles(): { value: string; label: string }[] {
  return Object.keys(ROLES).map((value) => ({ value, label: deviceRoleWord(value) }));
}

/** The drawers that devices or sessions name, each once. */
export function knownDrawers(views: ViewStore<Views>): { value: string; label: string }[] {
  const names = new Map<string, string>();
  for (const device of views.all("device")) if (device.drawer_id) names.set(device.drawer_id, device.drawer_id);
  for (const drawer of views.all("drawer")) names.set(drawer.drawer_id, drawer.drawer_name || drawer.drawer_id);
  return [...names].map(([value, label]) => ({ value, label }));
}
