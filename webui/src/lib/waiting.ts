import type { Views } from "$generated/vocabulary";
import type { App } from "./app.svelte";
import {
  device_copy_commands,
  device_copy_doubts,
  device_copy_refused,
  device_copy_title,
  device_copy_typed,
  device_waits_commands,
  device_waits_nothing,
  device_waits_typed,
  floor_table,
} from "./messages";
import type { Command } from "./outbox";
import type { Shelf } from "./shelf";
import type { ViewStore } from "./store.svelte";
import { clockTime, moment } from "./time";

/** What an id is called, where somebody knows. */
export type NameOf = (id: string) => string | undefined;

/** What waits on this device, as text, with the names that its views know. */
export function waitsAsText(app: App): string {
  return waitingText(app.shelf, namesOf(app.views));
}

/** How much waits, in words. */
export function waitsInWords({ commands, typed }: { commands: number; typed: number }): string {
  const words = [
    commands > 0 ? device_waits_commands({ count: commands }) : "",
    typed > 0 ? device_waits_typed({ count: typed }) : "",
  ];
  return words.filter(Boolean).join(" ") || device_waits_nothing();
}

/** What waits on a device and was typed there, as text that a person can paste, read aloud and type again. */
export function waitingText(shelf: Shelf, nameOf: NameOf = () => undefined): string {
  const device = shelf.get("keys", "device") as { name?: string } | undefined;
  const told = (commands: Command[]) => commands.map((one) => commandText(one, nameOf));
  const typed = shelf.entries("work").filter(([key]) => shelf.isTyped(key));
  const parts: [string, string[]][] = [
    [device_copy_commands(), told(shelf.all("outbox").map(({ command }) => command))],
    [device_copy_doubts(), told(shelf.all("doubt").flatMap(({ commands }) => commands))],
    [device_copy_refused(), told(shelf.all("tray").map(({ command }) => command))],
    [
      device_copy_typed(),
      typed.map(([key, value]) => `- ${keyText(key, nameOf)}\n${indented(typedOf(key, value), nameOf, "  ")}`),
    ],
  ];
  const at = moment(Date.now(), Date.now());
  const written = parts.flatMap(([title, lines]) => (lines.length > 0 ? [`${title}\n${lines.join("\n")}`] : []));
  return [device_copy_title({ name: device?.name || shelf.app, at }), ...written].join("\n\n");
}

function commandText({ name, body, asked_at_ms }: Command, nameOf: NameOf): string {
  return `- ${clockTime(asked_at_ms)} ${name}\n${indented(body, nameOf, "  ")}`;
}

/** Of a record that is being edited, what was typed; the way there is for *undo*. */
function typedOf(key: string, value: unknown): unknown {
  return key.startsWith("edit:") ? (value as { typed: unknown }).typed : value;
}

/** `lines · ana · Mesa 12` of `lines:ana:t12`. */
function keyText(key: string, nameOf: NameOf): string {
  return key
    .split(":")
    .map((part) => nameOf(part) ?? part)
    .join(" · ");
}

/** One line for each thing that was said: what is empty was not. */
function indented(value: unknown, nameOf: NameOf, indent: string): string {
  if (Array.isArray(value)) {
    const items = value.filter(isSaid).map((item) => `${indent}- ${indented(item, nameOf, `${indent}  `).trimStart()}`);
    return items.join("\n");
  }
  if (typeof value === "object" && value !== null) {
    const said = Object.entries(value).filter(([name, part]) => name !== "line_id" && isSaid(part));
    return said.map(([name, part]) => `${indent}${name}:${partText(part, nameOf, indent)}`).join("\n");
  }
  return `${indent}${nameOf(String(value)) ?? String(value)}`;
}

function partText(value: unknown, nameOf: NameOf, indent: string): string {
  const text = indented(value, nameOf, `${indent}  `);
  return typeof value === "object" ? `\n${text}` : ` ${text.trimStart()}`;
}

function isSaid(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== "" && value !== null && value !== undefined && value !== false && value !== 0;
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
  for (const table of views.all("table")) names.set(table.table_id, floor_table({ label: table.label }));
  for (const check of views.all("check"))
    names.set(check.check_id, check.table_label ? floor_table({ label: check.table_label }) : `#${check.number}`);
  return (id) => names.get(id);
}
