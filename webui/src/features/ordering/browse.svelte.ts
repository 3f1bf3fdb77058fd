import type { Menu, MenuItem, Views } from "$generated/vocabulary";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import type { ViewStore } from "$lib/store.svelte";
import { searchItems } from "./search";

/** Where somebody is in the menu: a category, or what was searched for. */
export class MenuBrowse {
  query = $state("");
  /** Empty for the favourites. */
  category = $state("");

  constructor(
    readonly views: ViewStore<Views>,
    readonly menu: () => Menu,
    readonly onpick: (item: MenuItem) => void,
  ) {
    this.category = this.#hasFavourites ? "" : (menu().categories[0]?.id ?? "");
  }

  get items(): MenuItem[] {
    if (this.query.trim()) return searchItems(this.menu(), this.query);
    return this.menu().items.filter((item) =>
      this.category === "" ? item.is_favourite : item.category_id === this.category,
    );
  }

  get tabs(): { value: string; label: string }[] {
    const favourites = this.#hasFavourites ? [{ value: "", label: m.ordering_favourites() }] : [];
    const isEnglish = locale() === "en";
    return [
      ...favourites,
      ...this.menu().categories.map((one) => ({ value: one.id, label: (isEnglish && one.name_en) || one.name })),
    ];
  }

  /** The tab whose dishes are shown; null while something is searched for. */
  get tab(): string | null {
    return this.query.trim() ? null : this.category;
  }

  isOut(itemId: string): boolean {
    return this.views.get("sold_out", itemId) !== undefined;
  }

  choose(id: string): void {
    this.category = id;
    this.query = "";
  }

  readonly pick = (item: MenuItem): void => {
    this.onpick(item);
    this.query = "";
  };

  /** For Enter: the first one found that there is. Nothing searched for is nothing found: a second Enter adds no dish. */
  readonly first = (): void => {
    if (!this.query.trim()) return;
    const item = this.items.find((one) => !this.isOut(one.id));
    if (item) this.pick(item);
  };

  get #hasFavourites(): boolean {
    return this.menu().items.some((item) => item.is_favourite);
  }
}
