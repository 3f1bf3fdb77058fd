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

/** What one version of the schema adds to the one before it. */
export type Growth = (db: Database) => void;

/**
 * The schema, a step for each version. A step only adds: the program of an earlier release opens the database of a
 * later one and finds all that it knows. A new step goes last; none is ever changed or taken out.
 */
const GROWTH: Growth[] = [
  (db) => {
    db.createObjectStore("keys");
    db.createObjectStore("outbox", { keyPath: "place", autoIncrement: true }).createIndex("id", "command.id");
    db.createObjectStore("tray", { keyPath: "command.id" });
    db.createObjectStore("doubt", { keyPath: "id" });
    db.createObjectStore("views");
    db.createObjectStore("work");
  },
];

/** Longer than any disk takes: another tab holds on to it, or the browser has lost it. */
const PATIENCE_MS = 8000;

export interface OpenSettings {
  /** The database was closed under us: another tab brings it up to date or deletes it, or the browser gave it up. */
  onclosed?: () => void;
  growth?: Growth[];
  patienceMs?: number;
}

/** The database of one application; each has its own, so that two applications on one tablet do not mix. */
export async function openDatabase(app: string, settings: OpenSettings = {}): Promise<Database> {
  const { patienceMs = PATIENCE_MS } = settings;
  if (!globalThis.indexedDB) throw new DOMException("no indexedDB", "NotAllowedError");
  const opening = openGrown(app, settings);
  try {
    return await within(patienceMs, opening);
  } catch (error) {
    // It may still come, and would then keep others from it.
    opening.then(
      (db) => db.close(),
      () => {}, // that it failed was just said
    );
    throw error;
  }
}

/** Deletes all that an application kept on this device. */
export function deleteDatabase(app: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(nameOf(app));
    asked.onsuccess = () => resolve();
    asked.onerror = () => reject(asked.error);
  });
}

/** Asks the browser not to throw this device's work away. False until the application is installed, in most browsers. */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}

/** What comes within that time. Throws a TimeoutError. */
export async function within<Value>(ms: number, coming: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException(`no answer in ${ms} ms`, "TimeoutError")), ms);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function openGrown(app: string, { onclosed, growth = GROWTH }: OpenSettings): Promise<Database> {
  const callbacks = {
    upgrade(db: Database, oldVersion: number) {
      for (const grow of growth.slice(oldVersion)) grow(db);
    },
    blocking(_current: number, _blocked: number | null, event: IDBVersionChangeEvent) {
      (event.target as IDBDatabase).close();
      onclosed?.();
    },
    terminated: () => onclosed?.(),
  };
  try {
    return await openDB<OnDevice>(nameOf(app), growth.length, callbacks);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "VersionError")) throw error;
    return openDB<OnDevice>(nameOf(app), undefined, callbacks); // a later release was here: as it is
  }
}

function nameOf(app: string): string {
  return `hos-${app}`;
}
