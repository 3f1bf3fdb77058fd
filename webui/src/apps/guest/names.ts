import type { Asked } from "$features/guests/edits";
import type { Wish } from "$features/guests/visit";
import { type Estimate, estimate } from "$features/ordering/estimate";
import type { Menu } from "$generated/vocabulary";
import { locale } from "$lib/i18n.svelte";
import { choicesText } from "$lib/words/ordering";

interface Named {
  name: string;
  name_en?: string;
}

/** What a dish, an option or a heading is called in the language shown; Spanish where nobody translated it. */
export function nameOf(thing: Named): string {
  return locale() === "en" && thing.name_en ? thing.name_en : thing.name;
}

export function descriptionOf(item: { description: string; description_en: string }): string {
  return locale() === "en" && item.description_en ? item.description_en : item.description;
}

let words: { menu: Menu; english: Map<string, string> } | null = null;

/** A name that came from the edge, in the language shown: lines carry the Spanish one. */
export function translated(menu: Menu | null, name: string): string {
  if (locale() !== "en" || !menu) return name;
  if (words?.menu !== menu) words = { menu, english: englishOf(menu) };
  return words.english.get(name) ?? name;
}

/** `Jugoso · Puré`: what was chosen on a line, in the language shown. */
export function choicesOf(menu: Menu | null, { variant, modifiers }: Estimate): string {
  const names = modifiers.map((one) => ({ name: translated(menu, one.name) }));
  return choicesText({ variant_name: variant ? nameOf(variant) : "", modifiers: names });
}

function englishOf(menu: Menu): Map<string, string> {
  const things: Named[] = [
    ...menu.items,
    ...menu.items.flatMap((item) => item.variants),
    ...menu.groups.flatMap((group) => group.modifiers),
  ];
  return new Map(things.map((thing) => [thing.name, thing.name_en || thing.name]));
}

/** What this phone asked, in the words that the edge confirms with, to tell what the waiter changed. */
export function askedOf(menu: Menu, lines: readonly Wish[]): Asked[] {
  return lines.map((line) => {
    const { item, variant, modifiers } = estimate(menu, line);
    const choices = [variant?.name ?? "", ...modifiers.map((one) => one.name)].filter(Boolean);
    return { line_id: line.line_id, name: item?.name ?? "", choices, quantity: line.quantity, note: line.note };
  });
}
