import ChefHat from "@lucide/svelte/icons/chef-hat";
import Grid from "@lucide/svelte/icons/layout-grid";
import Printer from "@lucide/svelte/icons/printer";
import ScrollText from "@lucide/svelte/icons/scroll-text";
import Settings from "@lucide/svelte/icons/settings";
import Tablet from "@lucide/svelte/icons/tablet-smartphone";
import Users from "@lucide/svelte/icons/users";
import type { Component } from "svelte";
import * as m from "$lib/messages";

export interface ManagePage {
  name: string;
  label: () => string;
  icon: typeof Users;
  /** Who may; anybody who may work here when left out. */
  permission?: string;
  /** The key that leads here. */
  key: string;
  load: () => Promise<{ default: Component<Record<string, never>> }>;
}

/** Every page, in the order of the navigation. Each is fetched when it is opened. */
export const PAGES: ManagePage[] = [
  {
    name: "menu",
    label: m.manage_menu,
    icon: ChefHat,
    permission: "sold_out",
    key: "alt+1",
    load: () => import("./Menu.svelte"),
  },
  {
    name: "room",
    label: m.manage_room,
    icon: Grid,
    permission: "draw_floor",
    key: "alt+2",
    load: () => import("./Room.svelte"),
  },
  {
    name: "people",
    label: m.people_staff_title,
    icon: Users,
    permission: "manage_staff",
    key: "alt+3",
    load: () => import("$features/staff/StaffList.svelte"),
  },
  {
    name: "printers",
    label: m.printing_title,
    icon: Printer,
    permission: "manage_printers",
    key: "alt+4",
    load: () => import("$features/printing/Printers.svelte"),
  },
  {
    name: "devices",
    label: m.people_devices_title,
    icon: Tablet,
    permission: "manage_devices",
    key: "alt+5",
    load: () => import("$features/devices/DeviceList.svelte"),
  },
  {
    name: "audit",
    label: m.audit_title,
    icon: ScrollText,
    permission: "audit",
    key: "alt+6",
    load: () => import("$features/audit/AuditList.svelte"),
  },
  { name: "settings", label: m.manage_settings, icon: Settings, key: "alt+7", load: () => import("./Settings.svelte") },
];
