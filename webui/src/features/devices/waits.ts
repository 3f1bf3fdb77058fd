import type { Views } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import * as m from "$lib/messages";
import type { ViewStore } from "$lib/store.svelte";
import { type NameOf, waitingText } from "$lib/waiting";

/** What waits on this device, as text, with the names that its views know. */
export function waitsAsText(app: App): string {
  return waitingText(app.shelf, namesOf(app.views as unknown as ViewStore<Views>));
}

/** How much waits here, in words. */
export function waitsInWords({ commands, typed }: { commands: number; typed: number }): string {
  const words = [
    commands > 0 ? m.device_waits_commands({ count: commands }) : "",
    typed > 0 ? m.device_waits_typed({ count: typed }) : "",
  ];
  return words.filter(Boolean).join(" ") || m.device_waits_nothing();
}

/** What dishes, choices, tables and accounts are called. */
function namesOf(views: ViewStore<Views>): NameOf {
  const menu = views.get("menu", "menu")?.menu;
  const names = new Map<string, string>();
  for (const item of menu?.items ?? []) {
    names.set(item.id, item.name);
    for (const variant of item.variants) names.set(variant.id, variant.name);
  }
  for (const group of menu?.groups ?? [])
    for (const one of group.modifiers) names.set(`${group.id}/${one.id}`, one.name);
  for (const table of views.all("table")) names.set(table.table_id, m.floor_table({ label: table.label }));
  for (const check of views.all("check"))
    names.set(check.check_id, check.table_label ? m.floor_table({ label: check.table_label }) : `#${check.number}`);
  return (id) => names.get(id);
}
