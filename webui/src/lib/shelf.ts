import { alone } from "./alone";
import { deleteDatabase, type OpenSettings } from "./database";
import {
  Disk,
  isClosed,
  type KeyOf,
  type Place,
  STORES,
  STRICT,
  type Store,
  type ValueOf,
  type ViewChange,
  type ViewsRead,
  type ViewWrite,
} from "./disk";
import { Marker } from "./marker";
import { Space } from "./space";
import { causeOf, detailOf, type Lost, type Trouble } from "./trouble";

/** One thing that is kept from now on; without a value, no longer. */
export type Change = { [Name in Store]: { store: Name; key: KeyOf<Name>; value?: ValueOf<Name> } }[Store];
export interface ViewSave extends ViewWrite {
  /** Every view: for a database that has none any more. */
  all: () => ViewChange[];
}

const AGAIN_AFTER_MS = [2000, 5000, 15_000, 30_000];
const LOOK_EVERY_MS = 5 * 60_000;

/**
 * What an application keeps on its device: all of it in memory, and each change in the database too, as long as there
 * is one. Writing never rejects because of the device: what could not be written stays dirty, is tried again, and
 * `trouble` says so meanwhile. One tab has it at a time.
 */
export class Shelf {
  /** What a person must know of this device's database; null while all is well. */
  trouble: Trouble | null = null;
  /** What was kept here and is gone. */
  lost: Lost | null = null;
  readonly space = new Space();

  readonly #maps = new Map<Store, Map<unknown, unknown>>(STORES.map((store) => [store, new Map()]));
  readonly #dirty = new Map<string, Place>();
  readonly #listeners = new Set<() => void>();
  readonly #marker: Marker;
  readonly #disk: Disk;
  /** Whether the views on the disk are those that were written last. */
  #hasViews = true;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  private constructor(
    readonly app: string,
    settings: OpenSettings,
  ) {
    this.#marker = new Marker(app);
    this.#disk = new Disk(app, () => this.#wasClosed(), settings);
  }

  /** Opens what is kept. Throws what the browser threw: there may be work in it, so nobody goes on without being asked. */
  static async open(app: string, settings: OpenSettings = {}): Promise<Shelf> {
    const shelf = new Shelf(app, settings);
    for (const [[store, key], value] of await shelf.#disk.read()) shelf.#maps.get(store)?.set(key, value);
    shelf.lost = shelf.#marker.lost(shelf.get("keys", "device") !== undefined);
    alone(shelf.#look());
    return shelf;
  }

  /** A device whose database fails works from memory, with what could still be read of it, and says so. */
  static async inMemory(app: string, error: unknown): Promise<Shelf> {
    const shelf = new Shelf(app, {});
    const [cause, detail] = [causeOf(error), detailOf(error)];
    shelf.trouble = { cause, detail, isMemoryOnly: true, commands: 0, typed: 0 };
    for (const [[store, key], value] of await shelf.#disk.salvage()) shelf.#maps.get(store)?.set(key, value);
    shelf.#disk.close();
    shelf.lost = shelf.#marker.lost(shelf.get("keys", "device") !== undefined);
    return shelf;
  }

  /** Whether the database opens and can be read after all. */
  async canOpen(): Promise<boolean> {
    try {
      await this.#disk.read();
      return true;
    } catch {
      return false; // as it was said at the start
    } finally {
      this.#disk.close();
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A copy: what is kept changes by `write` alone. */
  get<Name extends Store>(store: Name, key: KeyOf<Name>): ValueOf<Name> | undefined {
    return structuredClone(this.#map(store).get(key));
  }

  /** In the order of their keys. */
  all<Name extends Store>(store: Name): ValueOf<Name>[] {
    return this.entries(store).map(([, value]) => value);
  }

  entries<Name extends Store>(store: Name): [KeyOf<Name>, ValueOf<Name>][] {
    const entries = [...this.#map(store).entries()];
    return structuredClone(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  count(store: Store): number {
    return this.#map(store).size;
  }

  /** Pieces of work that somebody typed. */
  get typedCount(): number {
    return [...this.#map("work").keys()].filter((key) => this.isTyped(key)).length;
  }

  /** Whether somebody typed it: what begins with the application's name is how the device was set up. */
  isTyped(key: string): boolean {
    return !key.startsWith(`${this.app}:`);
  }

  /** Whether closing this page now would lose something. */
  get isAtStake(): boolean {
    if (!this.trouble) return false;
    if (this.trouble.isMemoryOnly) return this.count("outbox") + this.count("doubt") + this.typedCount > 0;
    return this.#dirty.size > 0;
  }

  /** Keeps changes, all of them or none; whether they are on the device now. */
  async write(...changes: Change[]): Promise<boolean> {
    const isMemoryOnly = this.trouble?.isMemoryOnly ?? false;
    for (const { store, key, value } of changes) {
      const kept: Map<unknown, unknown> = this.#map(store);
      if (value === undefined) kept.delete(key);
      else kept.set(key, structuredClone(value));
      if (!isMemoryOnly) this.#mark(store, key);
    }
    if (isMemoryOnly) return false;
    await this.#save();
    return changes.every(({ store, key }) => !this.#dirty.has(`${store} ${key}`));
  }

  /** Tries now to write what could not be written. */
  retry(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#save();
  }

  /** The views as they were kept, with their cursor; nothing where there are none. */
  async readViews(): Promise<ViewsRead> {
    const nothing = { keys: [], values: [], cursor: undefined };
    if (this.trouble?.isMemoryOnly) return nothing;
    try {
      return await this.#disk.readViews();
    } catch {
      this.#hasViews = false; // the edge sends them again, and then all of them are written anew
      return nothing;
    }
  }

  /** Writes views, unless the device is nearly full: they come again from the edge, what was typed does not. */
  writeViews(save: ViewSave): Promise<void> {
    if (Date.now() - this.#lookedAtMs > LOOK_EVERY_MS) alone(this.#look());
    this.#running = this.#running.then(() => this.#writeViews(save));
    return this.#running;
  }

  /** Writes what is left and lets go of the database. */
  async close(): Promise<void> {
    await this.#save();
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#disk.close();
  }

  /** The person has read what was lost. */
  forgetLost(): void {
    this.lost = null;
    this.#marker.forget();
    this.#marker.note(this.#stakes());
    this.#tell();
  }

  #map<Name extends Store>(store: Name): Map<KeyOf<Name>, ValueOf<Name>> {
    return this.#maps.get(store) as Map<KeyOf<Name>, ValueOf<Name>>;
  }

  #mark(store: Store, key: unknown): void {
    this.#dirty.set(`${store} ${key}`, [store, key] as Place);
  }

  #wasClosed(): void {
    if (this.#isClosed) return;
    this.#letGo();
    alone(this.#save());
  }

  /** The connection is gone, and perhaps everything with it: all of it is to be written again. */
  #letGo(): void {
    this.#disk.close();
    this.#hasViews = false;
    for (const [store, kept] of this.#maps) for (const key of kept.keys()) this.#mark(store, key);
  }

  /** One at a time; whoever comes while one is running shares the next. */
  #save(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      this.#running = this.#writeDirty();
      return this.#running;
    });
    return this.#next;
  }

  async #writeDirty(): Promise<void> {
    if (this.#isClosed || this.trouble?.isMemoryOnly) return;
    try {
      await this.#writeBatch().catch((error: unknown) => this.#writeAgain(error));
      this.#well();
    } catch (error) {
      this.#ill(error);
    }
  }

  /** Once more, after making room by dropping the views, or after opening a closed database anew. */
  async #writeAgain(error: unknown): Promise<void> {
    if (isClosed(error)) this.#letGo();
    else if (causeOf(error) === "full") await this.#dropViews();
    else throw error;
    await this.#writeBatch();
  }

  async #writeBatch(): Promise<void> {
    const batch = new Map(this.#dirty);
    this.#dirty.clear();
    try {
      const entries = [...batch.values()].map((place) => [place, this.#maps.get(place[0])?.get(place[1])] as const);
      await this.#disk.write(entries);
    } catch (error) {
      for (const [name, place] of batch) this.#dirty.set(name, place);
      throw error;
    }
  }

  async #writeViews({ all, ...save }: ViewSave): Promise<void> {
    const isClearing = save.cursor === null;
    if (this.#isClosed || this.trouble?.isMemoryOnly || (!this.space.isRoomy && !isClearing)) {
      this.#hasViews = false;
      return;
    }
    try {
      const isWhole = this.#hasViews || isClearing;
      this.#hasViews = false;
      await this.#disk.writeViews(isWhole ? save : { ...save, replace: true, changes: all() });
      this.#hasViews = true;
    } catch (error) {
      // The next save writes them all. A device that has none asks the edge for everything.
      if (isClosed(error)) this.#wasClosed();
      else if (causeOf(error) === "full") await this.#makeRoom();
      else this.#ill(error);
    }
  }

  async #makeRoom(): Promise<void> {
    try {
      await this.#dropViews();
    } catch (error) {
      this.#ill(error);
    }
  }

  /** Until there is room again. */
  async #dropViews(): Promise<void> {
    this.space.isRoomy = false;
    this.#hasViews = false;
    await this.#disk.writeViews({ changes: [], replace: true, cursor: null });
  }

  /** Asks how full the device is, and drops the views before it must refuse what somebody types. */
  async #look(): Promise<void> {
    this.#lookedAtMs = Date.now();
    if (await this.space.isFilling()) await this.#makeRoom();
  }

  #well(): void {
    this.#attempts = 0;
    if (!this.lost) this.#marker.note(this.#stakes());
    if (!this.trouble) return;
    this.trouble = null;
    this.#tell();
  }

  #ill(error: unknown): void {
    if (this.#isClosed) return;
    const dirty = [...this.#dirty.values()];
    const commands = dirty.filter(([store]) => STRICT.includes(store)).length;
    const typed = dirty.filter(([store, key]) => store === "work" && this.isTyped(key)).length;
    this.trouble = { cause: causeOf(error), detail: detailOf(error), isMemoryOnly: false, commands, typed };
    this.#tell();
    clearTimeout(this.#timer);
    const waitMs = AGAIN_AFTER_MS[Math.min(this.#attempts++, AGAIN_AFTER_MS.length - 1)];
    this.#timer = setTimeout(() => alone(this.#save()), waitMs);
  }

  #stakes(): Omit<Lost, "at_ms"> | null {
    const device = this.#map("keys").get("device") as { name?: string } | undefined;
    if (!device) return null;
    return { name: device.name ?? "", commands: this.count("outbox") + this.count("doubt"), typed: this.typedCount };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Deletes what an application kept on this device, with what it remembers of that. */
export async function forgetAll(app: string): Promise<void> {
  new Marker(app).forget();
  await deleteDatabase(app);
}
