import type { Component } from "svelte";
import * as m from "$lib/messages";

/** A screen that a cashier opens once a day or less: fetched when it is asked for, from the cache of the installed app. */
export interface Rare {
  /** Over the screen; empty when it has its own. */
  title: () => string;
  load: () => Promise<{ default: Component<Record<string, never>> }>;
}

export const RARE = {
  drawer: { title: () => "", load: () => import("./Drawer.svelte") },
  closings: { title: () => "", load: () => import("./Closings.svelte") },
  closed: { title: () => "", load: () => import("./Closed.svelte") },
  settings: { title: () => "", load: () => import("./Settings.svelte") },
  printers: { title: m.printing_title, load: () => import("$features/printing/Printers.svelte") },
  staff: { title: m.people_staff_title, load: () => import("$features/staff/StaffList.svelte") },
  devices: { title: m.people_devices_title, load: () => import("$features/devices/DeviceList.svelte") },
  rota: { title: m.floor_rota_title, load: () => import("$features/floor/Rota.svelte") },
  codes: { title: m.floor_codes_title, load: () => import("$features/floor/TableCodes.svelte") },
} satisfies Record<string, Rare>;

export function isRare(screen: string): screen is keyof typeof RARE {
  return screen in RARE;
}
