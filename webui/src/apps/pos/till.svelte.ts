import { createContext } from "svelte";
import type { Charging, Taken } from "$features/payments/charging.svelte";

/** A sale: at a table, or at the counter when there is none. */
export interface SalePlace {
  screen: "sale";
  tableId: string;
  /** Null for one that is not open yet, or for the table's own. */
  checkId: string | null;
  /** Whose tab it is, before it is open. */
  name?: string;
  /** One more check at a table that has one. */
  isExtra?: boolean;
}

/** A place that is opened by its name alone. */
export interface RarePlace {
  screen:
    | "room"
    | "queue"
    | "drawer"
    | "closings"
    | "closed"
    | "printers"
    | "staff"
    | "devices"
    | "rota"
    | "codes"
    | "settings"
    | "tray";
}

export type Place =
  | SalePlace
  | RarePlace
  | { screen: "draft"; draftId: string }
  | { screen: "charge"; checkId: string };

/** Where this till is, and the change it still owes. */
export class Till {
  place = $state.raw<Place>({ screen: "room" });
  /** The last payment: its change stays in sight until the next sale begins. */
  taken = $state.raw<Taken | null>(null);
  /** What a quantity typed after `*` belongs to. */
  onquantity: ((count: number) => void) | null = null;
  /** Who takes a number typed now instead of the room: a new table that wants to know how many sit there. */
  onpeople = $state.raw<((count: number) => void) | null>(null);
  #trail: Place[] = [];

  /** How often Back leads further back. */
  get depth(): number {
    return this.#trail.length;
  }

  /** Opens something; Back comes here again. */
  open(place: Place): void {
    this.#trail = [...this.#trail.slice(-8), this.place];
    this.place = place;
  }

  /** Opens something in the place of what is open. */
  show(place: Place): void {
    this.#trail = [];
    this.place = place;
  }

  /** The same screen, of something that has an id now. */
  become(place: Place): void {
    this.place = place;
  }

  back(): void {
    const before = this.#trail.pop();
    this.place = before ?? { screen: "room" };
  }

  /** A sale at the counter: one key. */
  counter(): void {
    this.show({ screen: "sale", tableId: "", checkId: null });
  }

  /** A payment went in. */
  keep(charging: Charging): void {
    this.taken = charging.taken;
  }
}

export const [getTill, provideTill] = createContext<Till>();
