import { SvelteMap } from "svelte/reactivity";
import type { Database } from "./database";
import type { Change, Frame } from "./feed";

type Views = Extract<Frame, { type: "snapshot" | "views" }>;
const SAVE_AFTER_MS = 250;

/**
 * The views this device was last shown, by kind and key. `Kinds` maps each kind to the type of its view.
 *
 * Reading one in a component makes the component follow it. What was known before a reload is there at once,
 * and `isFresh` says whether the edge has spoken since.
 */
export class ViewStore<Kinds extends object = Record<string, unknown>> {
  /** The last entry of the log these views show. */
  seq = $state<number | null>(null);
  /** Whether the edge confirmed these views since the application started. */
  isFresh = $state(false);
  /** Whether anything was ever known: if not, show a skeleton. */
  isLoaded = $state(false);

  readonly #kinds = new SvelteMap<string, SvelteMap<string, unknown>>();
  readonly #db: Database | null;
  #unsaved: Change[] = [];
  #replace = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(db: Database | null = null) {
    this.#db = db;
  }

  get<Kind extends keyof Kinds & string>(kind: Kind, key: string): Kinds[Kind] | undefined {
    return this.#kinds.get(kind)?.get(key) as Kinds[Kind] | undefined;
  }

  all<Kind extends keyof Kinds & string>(kind: Kind): Kinds[Kind][] {
    return [...(this.#kinds.get(kind)?.values() ?? [])] as Kinds[Kind][];
  }

  /** Keys beside views, for lists that need them. */
  entries<Kind extends keyof Kinds & string>(kind: Kind): [string, Kinds[Kind]][] {
    return [...(this.#kinds.get(kind)?.entries() ?? [])] as [string, Kinds[Kind]][];
  }

  /** Shows what the device knew when it was last on. */
  async restore(): Promise<void> {
    if (!this.#db) return;
    const tx = this.#db.transaction(["views", "keys"]);
    const [keys, values, cursor] = await Promise.all([
      tx.objectStore("views").getAllKeys(),
      tx.objectStore("views").getAll(),
      tx.objectStore("keys").get("cursor"),
    ]);
    if (typeof cursor !== "number") return;
    keys.forEach(([kind, key], index) => {
      this.#of(kind).set(key, values[index]);
    });
    this.seq = cursor;
    this.isLoaded = true;
  }

  /** Takes a frame of the feed, all of it before the screen is drawn again. */
  readonly apply = (frame: Views): void => {
    if (frame.type === "snapshot") {
      for (const views of this.#kinds.values()) views.clear();
      this.#unsaved = [];
      this.#replace = true;
    }
    const changes = frame.type === "snapshot" ? frame.views : frame.changes;
    for (const [kind, key, view] of changes) {
      if (view === null) this.#of(kind).delete(key);
      else this.#of(kind).set(key, view);
    }
    this.seq = frame.seq;
    this.isFresh = this.isLoaded = true;
    this.#unsaved.push(...changes);
    this.#timer ??= setTimeout(() => void this.save(), SAVE_AFTER_MS);
  };

  /** The edge has sent everything up to here, and none of it was ours: our views are as new as that. */
  readonly confirm = (seq: number): void => {
    if (this.isFresh && this.seq !== null && seq > this.seq) this.seq = seq;
  };

  /** Writes what is not on the device yet, with the cursor it belongs to. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [changes, replace, seq] = [this.#unsaved, this.#replace, this.seq];
    this.#unsaved = [];
    this.#replace = false;
    this.#saving = this.#saving.then(() => this.#write(changes, replace, seq));
    return this.#saving;
  }

  /** Forgets everything: the device was revoked or belongs to another role now. */
  async clear(): Promise<void> {
    for (const views of this.#kinds.values()) views.clear();
    this.seq = null;
    this.isFresh = this.isLoaded = false;
    this.#replace = true;
    this.#unsaved = [];
    await this.save();
  }

  async #write(changes: Change[], replace: boolean, seq: number | null): Promise<void> {
    if (!this.#db) return;
    // Views arrive as plain JSON and are never wrapped in a proxy, so they can be stored as they are.
    const tx = this.#db.transaction(["views", "keys"], "readwrite");
    const views = tx.objectStore("views");
    if (replace) void views.clear();
    for (const [kind, key, view] of changes)
      void (view === null ? views.delete([kind, key]) : views.put(view, [kind, key]));
    void (seq === null ? tx.objectStore("keys").delete("cursor") : tx.objectStore("keys").put(seq, "cursor"));
    await tx.done;
  }

  /** For writing only: reading must not make anything, it happens while the screen is being worked out. */
  #of(kind: string): SvelteMap<string, unknown> {
    let views = this.#kinds.get(kind);
    if (!views) {
      views = new SvelteMap();
      this.#kinds.set(kind, views);
    }
    return views;
  }
}
