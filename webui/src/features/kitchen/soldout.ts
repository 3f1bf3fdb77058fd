import type { MenuItem, SoldOutView } from "$generated/vocabulary";
import type { Unsettled } from "$lib/app.svelte";
import { compareText } from "$lib/text";

/** A dish on the *agotados* screen. */
export interface Dish {
  itemId: string;
  name: string;
  isOut: boolean;
  sinceMs: number;
  /** The mark waits on this device. */
  isKept: boolean;
}

/** The dishes of a station, or all, by name; with the marks made here that the edge has not shown yet. */
export function dishesOf(
  items: readonly MenuItem[],
  soldOut: readonly SoldOutView[],
  by: { stationId: string | null; unsettled: readonly Pick<Unsettled, "command" | "seq">[] },
): Dish[] {
  const out = new Map(soldOut.map((one) => [one.item_id, one.since_ms]));
  const kept = new Set<unknown>();
  for (const { command, seq } of by.unsettled) {
    const itemId = command.body.item_id;
    if (command.name === "eighty_six_item") out.set(itemId as string, out.get(itemId as string) ?? command.asked_at_ms);
    else if (command.name === "restore_item") out.delete(itemId as string);
    else continue;
    if (seq === null) kept.add(itemId);
  }
  return items
    .filter((item) => by.stationId === null || item.station_id === by.stationId)
    .map((item) => ({
      itemId: item.id,
      name: item.short_name || item.name,
      isOut: out.has(item.id),
      sinceMs: out.get(item.id) ?? 0,
      isKept: kept.has(item.id),
    }))
    .sort((a, b) => compareText(a.name, b.name));
}
