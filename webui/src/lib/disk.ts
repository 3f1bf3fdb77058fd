import { type Database, type OpenSettings, openDatabase, within } from "./database";
import type { Doubt, Kept, Refused } from "./outbox";

interface Stores {
  keys: [string, unknown];
  outbox: [number, Kept];
  tray: [string, Refused];
  doubt: [string, Doubt];
  work: [string, unknown];
}
export type Store = keyof Stores;
export type KeyOf<Name extends Store> = Stores[Name][0];
export type ValueOf<Name extends Store> = Stores[Name][1];
export type Place = { [Name in Store]: readonly [Name, KeyOf<Name>] }[Store];
/** What is kept somewhere now; undefined for nothing any more. */
export type Entry = readonly [place: Place, value: unknown];

export type ViewChange = readonly [kind: string, key: string, view: unknown];
/** Views to write with the cursor that they belong to; no cursor while something is missing in them. */
export interface ViewWrite {
  changes: readonly ViewChange[];
  replace: boolean;
  cursor: unknown;
}
export interface ViewsRead {
  keys: [string, string][];
  values: unknown[];
  cursor: unknown;
}

export const STORES: Store[] = ["keys", "outbox", "tray", "doubt", "work"];
/** What is asked of the edge is on the disk before anybody is told that it is safe. */
export const STRICT: Store[] = ["outbox", "tray", "doubt"];
/** Stores whose values hold their own key. */
const WITH_KEY = STRICT;
const CURSOR = "cursor";
/** Longer than any disk takes. */
const PATIENCE_MS = 8000;

/** The database of one application, opened again whenever it was closed under us. Every method throws what the browser threw. */
export class Disk {
  #db: Database | null = null;

  constructor(
    private readonly app: string,
    /** Told that the connection is gone, and perhaps everything with it. */
    private readonly onclosed: () => void,
    private readonly settings: OpenSettings = {},
  ) {}

  async open(): Promise<Database> {
    this.#db ??= await openDatabase(this.app, {
      ...this.settings,
      onclosed: () => {
        this.close();
        this.onclosed();
      },
    });
    return this.#db;
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  /** Everything but the views. */
  async read(): Promise<[Place, unknown][]> {
    const db = await this.open();
    return (await within(PATIENCE_MS, Promise.all(STORES.map((store) => readStore(db, store))))).flat();
  }

  /** What can be read of it, store by store; nothing when it does not open. */
  async salvage(): Promise<[Place, unknown][]> {
    const db = await this.open().catch(() => null);
    const found: [Place, unknown][] = [];
    for (const store of db ? STORES : []) {
      try {
        found.push(...(await within(PATIENCE_MS, readStore(db!, store))));
      } catch {
        // This one is lost, and that the database is broken was said.
      }
    }
    return found;
  }

  /** All of it or nothing. */
  async write(entries: readonly Entry[]): Promise<void> {
    const db = await this.open();
    if (entries.length === 0) return;
    const stores = [...new Set(entries.map(([[store]]) => store))];
    const durability = stores.some((store) => STRICT.includes(store)) ? "strict" : "relaxed";
    const tx = db.transaction(stores, "readwrite", { durability });
    const puts = entries.map(([[store, key], value]): Promise<unknown> => {
      const kept = tx.objectStore(store);
      if (value === undefined) return kept.delete(key as never);
      return WITH_KEY.includes(store) ? kept.put(value as never) : kept.put(value as never, key as never);
    });
    await within(PATIENCE_MS, Promise.all([...puts, tx.done]));
  }

  async readViews(): Promise<ViewsRead> {
    const tx = (await this.open()).transaction(["views", "keys"]);
    const views = tx.objectStore("views");
    const reading = Promise.all([views.getAllKeys(), views.getAll(), tx.objectStore("keys").get(CURSOR)]);
    const [keys, values, cursor] = await within(PATIENCE_MS, reading);
    return { keys, values, cursor };
  }

  async writeViews({ changes, replace, cursor }: ViewWrite): Promise<void> {
    // Views arrive as plain JSON and are never wrapped in a proxy, so they can be stored as they are.
    const tx = (await this.open()).transaction(["views", "keys"], "readwrite");
    const [views, keys] = [tx.objectStore("views"), tx.objectStore("keys")];
    const puts: Promise<unknown>[] = replace ? [views.clear()] : [];
    for (const [kind, key, view] of changes)
      puts.push(view === null ? views.delete([kind, key]) : views.put(view, [kind, key]));
    puts.push(cursor === null ? keys.delete(CURSOR) : keys.put(cursor, CURSOR));
    await within(PATIENCE_MS, Promise.all([...puts, tx.done]));
  }
}

async function readStore(db: Database, store: Store): Promise<[Place, unknown][]> {
  const kept = db.transaction(store).store;
  const [keys, values] = await Promise.all([kept.getAllKeys(), kept.getAll()]);
  const found = keys.map((key, index): [Place, unknown] => [[store, key] as Place, values[index]]);
  return found.filter(([[, key]]) => key !== CURSOR);
}

/** Whether a write failed for nothing but its connection having been closed. */
export function isClosed(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "InvalidStateError" || error.name === "AbortError");
}
