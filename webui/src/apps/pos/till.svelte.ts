import { createContext, untrack } from "svelte";
import type { Charging, Taken } from "$features/payments/charging.svelte";
import type { App } from "$lib/app.svelte";

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

/** One thing that may be done now: its key, its button and the palette share it. */
export interface TillCommand {
  id: string;
  label: string;
  combo?: string;
  when?: () => boolean;
  run: () => unknown;
}

/** Whether no sheet is open: keys belong to the sheet while one is. */
export function isFree(): boolean {
  return document.querySelector("[role=dialog],[role=alertdialog]") === null;
}

/** Whether Enter is free: on a button or a field it does what that says. */
function isEnterFree(): boolean {
  return !document.activeElement?.closest("button, a, select, input, textarea");
}

/** Where this till is, what may be done there, and the change it still owes. */
export class Till {
  place = $state.raw<Place>({ screen: "room" });
  commands = $state.raw<TillCommand[]>([]);
  /** The last payment: its change stays in sight until the next sale begins. */
  taken = $state.raw<Taken | null>(null);
  /** What a quantity typed after `*` belongs to. */
  onquantity: ((count: number) => void) | null = null;
  /** Who takes a number typed now instead of the room: a new table that wants to know how many sit there. */
  onpeople = $state.raw<((count: number) => void) | null>(null);
  #trail: Place[] = [];

  constructor(readonly app: App) {}

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

  /** Offers a command until the returned function is called; for an effect's body. */
  offer(command: TillCommand): () => void {
    const can = () => isFree() && (command.combo !== "Enter" || isEnterFree()) && command.when?.() !== false;
    const unbind = command.combo
      ? this.app.keyboard.bind(command.id, command.combo, () => void command.run(), can)
      : undefined;
    untrack(() => {
      this.commands = [...this.commands, command];
    });
    return () => {
      unbind?.();
      untrack(() => {
        this.commands = this.commands.filter((one) => one !== command);
      });
    };
  }

  offerAll(commands: TillCommand[]): () => void {
    const stops = commands.map((one) => this.offer(one));
    return () => {
      for (const stop of stops) stop();
    };
  }
}

export const [getTill, provideTill] = createContext<Till>();
