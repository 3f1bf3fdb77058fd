import type { Menu, MenuItem } from "$generated/vocabulary";
import { compareText, fold, matches } from "$lib/text";

/** Whether an item is meant by what was typed: words of its name, its short name, its nicknames (tags) or its code. */
export function itemMatches(item: MenuItem, query: string): boolean {
  if (item.code !== "" && fold(item.code) === fold(query.trim())) return true;
  return matches([item.name, item.name_en, item.short_name, ...item.tags].join(" "), query);
}

/** Items for a query: the exact code first, then names that begin with it, then the rest; favourites before others, by name. Sold out ones stay. */
export function searchItems(menu: Menu, query: string, limit = 30): MenuItem[] {
  const wanted = fold(query.trim());
  if (wanted === "") return menu.items.filter((item) => item.is_favourite).slice(0, limit);
  const rank = (item: MenuItem) => (fold(item.code) === wanted ? 0 : fold(item.name).startsWith(wanted) ? 1 : 2);
  return menu.items
    .filter((item) => itemMatches(item, query))
    .sort((a, b) => rank(a) - rank(b) || Number(b.is_favourite) - Number(a.is_favourite) || compareText(a.name, b.name))
    .slice(0, limit);
}
