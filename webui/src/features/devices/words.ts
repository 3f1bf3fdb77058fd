import type { DeviceView, Views } from "$generated/vocabulary";
import { now } from "$lib/clock.svelte";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import type { ViewStore } from "$lib/store.svelte";
import { ago } from "$lib/time";

const ROLES: Record<string, () => string> = {
  waiter: m.people_devices_role_waiter,
  pos: m.people_devices_role_pos,
  kds: m.people_devices_role_kds,
  manage: m.people_devices_role_manage,
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

/** `Ana: pantalla apagada hace 5 min`: a screen that nobody can see now; nothing of one that is on. */
export function awakeWord(device: DeviceView): string {
  if (device.is_awake) return m.people_devices_awake();
  return device.awake_changed_at_ms > 0
    ? m.people_devices_asleep({ ago: ago(now() - device.awake_changed_at_ms, locale()) })
    : m.people_devices_never();
}
