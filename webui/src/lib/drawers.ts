import type { DeviceView, DrawerView } from "$generated/vocabulary";

/** What lies in an Argentine drawer, in minor units, biggest first. */
export const DENOMINATIONS_MINOR = [
  20_000_00, 10_000_00, 2_000_00, 1_000_00, 500_00, 200_00, 100_00, 50_00, 20_00, 10_00,
];

/** In the place of a drawer's id: the cash stays with each waiter, who hands it over at the end. As the edge has it. */
export const PURSE = "purse";

/** Drawers that are open; waiters' purses are none. */
export function openDrawers(drawers: DrawerView[]): DrawerView[] {
  return drawers.filter((one) => one.state === "open" && one.purse_of === "");
}

/** Waiters' purses that nobody has taken over yet. */
export function openPurses(drawers: DrawerView[]): DrawerView[] {
  return drawers.filter((one) => one.state === "open" && one.purse_of !== "");
}

/** Where cash goes when nobody says: a drawer's id, `purse`, or nothing while that is not clear. As the edge decides it. */
export function placeOf(device: DeviceView | undefined, drawers: DrawerView[]): string {
  if (device?.drawer_id === PURSE) return PURSE;
  return drawerOf(device, drawers)?.drawer_id ?? "";
}

/**
 * The open session where this device's cash goes: its own drawer's, or the venue's only one when it has none of its own.
 * A till whose drawer is closed has none until it is opened, whatever else is open. As the edge decides it.
 */
export function drawerOf(device: DeviceView | undefined, drawers: DrawerView[]): DrawerView | undefined {
  const open = openDrawers(drawers);
  const own = device?.drawer_id ?? "";
  if (own && own !== PURSE) return open.find((one) => one.drawer_id === own);
  return open.length === 1 ? open[0] : undefined;
}

/** What people call it: a purse goes by its waiter's name. */
export function nameOf(drawer: DrawerView): string {
  return drawer.purse_of ? drawer.purse_of_name || drawer.purse_of : drawer.drawer_name;
}

/** The drawer this device opens: its own, else the first. */
export function drawerIdOf(device: DeviceView | undefined): string {
  return device?.drawer_id && device.drawer_id !== PURSE ? device.drawer_id : "caja-1";
}

/** What was found, by value of note or coin and how many. */
export type Found = Record<number, number>;

/** What was found together. */
export function foundTotal(found: Found, looseMinor = 0): number {
  return Object.entries(found).reduce((sum, [value, count]) => sum + Number(value) * count, looseMinor);
}

/** The same as the edge takes it: only what there is of, and loose money as one piece of its own worth. */
export function denominationsOf(found: Found, looseMinor = 0): [number, number][] {
  const pieces = Object.entries(found)
    .filter(([, count]) => count > 0)
    .map(([value, count]): [number, number] => [Number(value), count])
    .sort(([a], [b]) => b - a);
  return looseMinor > 0 ? [...pieces, [looseMinor, 1]] : pieces;
}

/** Cash that came in less cash that went out, without sales; what went is below zero already. */
export function movedTotal(drawer: Pick<DrawerView, "movements">): number {
  return drawer.movements.reduce((sum, one) => sum + one.amount_minor, 0);
}
