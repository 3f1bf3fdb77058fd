import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Doubt, Kept, Refused } from "./outbox";

/** What one application keeps on this device. */
export interface OnDevice extends DBSchema {
  keys: { key: string; value: unknown };
  outbox: { key: number; value: Kept; indexes: { id: string } };
  tray: { key: string; value: Refused };
  doubt: { key: string; value: Doubt };
  views: { key: [string, string]; value: unknown };
  work: { key: string; value: unknown };
}

export type Database = IDBPDatabase<OnDevice>;

/** The database of one application; each has its own, so that two applications on one tablet do not mix. */
export function openDatabase(app: string): Promise<Database> {
  return openDB<OnDevice>(`hos-${app}`, 1, {
    upgrade(db) {
      db.createObjectStore("keys");
      db.createObjectStore("outbox", { keyPath: "place", autoIncrement: true }).createIndex("id", "command.id");
      db.createObjectStore("tray", { keyPath: "command.id" });
      db.createObjectStore("doubt", { keyPath: "id" });
      db.createObjectStore("views");
      db.createObjectStore("work");
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

/** Asks the browser not to throw this device's work away. False until the application is installed, in most browsers. */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}
