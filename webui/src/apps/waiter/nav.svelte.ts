import { createContext } from "svelte";

export type Tab = "queue" | "tables" | "search" | "me";

export type Place =
  | { screen: "table"; tableId: string; checkId: string | null }
  | { screen: "order"; tableId: string; checkId: string | null }
  | { screen: "draft"; draftId: string }
  | { screen: "charge"; checkId: string }
  | { screen: "tray" };

/** Where this person is: a tab, and what is open over it (beside it on a tablet). */
export class Nav {
  tab = $state<Tab>("queue");
  trail = $state.raw<Place[]>([]);

  get place(): Place | null {
    return this.trail.at(-1) ?? null;
  }

  /** Opens something over what is open. */
  open(place: Place): void {
    this.trail = [...this.trail, place];
  }

  /** Opens something in the place of all that is open. */
  show(place: Place): void {
    this.trail = [place];
  }

  back(): void {
    this.trail = this.trail.slice(0, -1);
  }

  go(tab: Tab): void {
    this.tab = tab;
    this.trail = [];
  }
}

export const [getNav, provideNav] = createContext<Nav>();
