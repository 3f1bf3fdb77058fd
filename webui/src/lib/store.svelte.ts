import { SvelteMap } from "svelte/reactivity";
import type { SnapshotFrame, ViewsFrame } from "$generated/vocabulary";
import { alone } from "./alone";
import type { ViewChange } from "./disk";
import type { Cursor } from "./feed";
import type { Shelf } from "./shelf";

type Change = ViewsFrame["changes"][number];

/** The cursor as the device keeps it: views are worth showing to the vocabulary that they were made for alone. */
type KeptCursor = Cursor & { vocabulary: string };

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

  /** What these views are of; empty while something is missing in them. */
  #of = "";
  readonly #kinds = new SvelteMap<string, SvelteMap<string, unknown>>();
  readonly #shelf: Shelf | null;
  #unsaved: Change[] = [];
  #replace = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(shelf: Shelf | null = null) {
    this.#shelf = shelf;
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

  /** What to resume from; null to be given everything. */
  get cursor(): Cursor | null {
    return this.seq === null ? null : { seq: this.seq, of: this.#of };
  }

  /** Shows what the device knew when it was last on, unless another release kept it: then it is dropped. */
  async restore(): Promise<void> {
    if (!this.#shelf) return;
    const { keys, values, cursor } = await this.#shelf.readViews();
    if (!isOfThisRelease(cursor)) return void (keys.length > 0 && (await this.clear()));
    keys.forEach(([kind, key], index) => {
      this.#viewsOf(kind).set(key, values[index]);
    });
    this.seq = cursor.seq;
    this.#of = cursor.of;
    this.isLoaded = true;
  }

  /** Takes a frame of the feed, all of it before the screen is drawn again. */
  readonly apply = (frame: SnapshotFrame | ViewsFrame): void => {
    if (frame.type === "snapshot") {
      for (const views of this.#kinds.values()) views.clear();
      this.#unsaved = [];
      this.#replace = true;
    }
    const changes = frame.type === "snapshot" ? frame.views : frame.changes;
    for (const [kind, key, view] of changes) {
      if (view === null) this.#viewsOf(kind).delete(key);
      else this.#viewsOf(kind).set(key, view);
    }
    this.seq = frame.seq;
    this.#of = frame.of;
    this.isFresh = this.isLoaded = true;
    this.#unsaved.push(...changes);
    this.#timer ??= setTimeout(() => alone(this.save()), SAVE_AFTER_MS);
  };

  /** The edge has sent everything up to here, and none of it was ours: our views are as new as that. */
  readonly confirm = ({ seq, of }: Cursor): void => {
    if (!this.isFresh || this.seq === null || seq < this.seq) return;
    this.seq = seq;
    this.#of = of;
  };

  /** Writes what is not on the device yet, with the cursor it belongs to. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [changes, replace] = [this.#unsaved, this.#replace];
    this.#unsaved = [];
    this.#replace = false;
    const cursor: KeptCursor | null = this.cursor && { ...this.cursor, vocabulary: __VOCABULARY__ };
    await this.#shelf?.writeViews({ changes, replace, cursor, all: () => this.#everything() });
  }

  /** Forgets everything: the device belongs to no venue, or to another one now. */
  async clear(): Promise<void> {
    for (const views of this.#kinds.values()) views.clear();
    this.seq = null;
    this.#of = "";
    this.isFresh = this.isLoaded = false;
    this.#replace = true;
    this.#unsaved = [];
    await this.save();
  }

  #everything(): ViewChange[] {
    return [...this.#kinds].flatMap(([kind, views]) => [...views].map(([key, view]): ViewChange => [kind, key, view]));
  }

  /** For writing only: reading must not make anything, it happens while the screen is being worked out. */
  #viewsOf(kind: string): SvelteMap<string, unknown> {
    let views = this.#kinds.get(kind);
    if (!views) {
      views = new SvelteMap();
      this.#kinds.set(kind, views);
    }
    return views;
  }
}

function isOfThisRelease(kept: unknown): kept is KeptCursor {
  return typeof kept === "object" && (kept as KeptCursor | null)?.vocabulary === __VOCABULARY__;
}
