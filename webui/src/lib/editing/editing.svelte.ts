import { onDestroy } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { Action } from "$lib/actions.svelte";
import { alone } from "$lib/alone";
import { type App, getApp } from "$lib/app.svelte";
import { busy } from "$lib/busy.svelte";
import * as m from "$lib/messages";
import type { Ask } from "$lib/outbox";
import { diff, finer, isEqual, type Path, valueAt, type Write, withValue } from "./document";
import { docAt, type History, rebased, type Step, withStep } from "./history";
import { type Limits, type Problems, wrongFields } from "./limits";
import type { Clash } from "./merge";

/** A record as the edge has it: what of it is edited, and who made it so. */
export interface Saved<Doc> {
  doc: Doc;
  rev: string;
  who: string;
  at_ms: number;
}

/** What a save sends. */
export interface Changed<Doc> {
  /** The fields that differ from what the edge has, whole; everything, of a new record. */
  changes: Partial<Doc>;
  /** The same piece by piece, for a document with lists in it. */
  writes: readonly Write[];
  doc: Doc;
  /** The revision that this was changed from; "" of a new record. */
  if_rev: string;
}

export interface EditingSpec<Doc extends object> {
  /** Names it on this device: `printer:<id>`. Two screens that edit the same thing share what is kept. */
  key: string;
  /** The record as the views have it now; undefined for a new one. Rows of lists in it are known by their `id`. */
  record: () => Saved<Doc> | undefined;
  /** What a new record begins as. */
  fresh?: () => Doc;
  /** Of its fields, as the edge has them. */
  limits?: Limits;
  /** What else is wrong, by path. Pure; runs at each step. */
  check?: (doc: Doc) => Problems;
  /** The command that saves it. Pure: it may be made several times. */
  save: (changed: Changed<Doc>) => Ask;
  permission?: string;
  /** All of it is saved; not called when more was typed meanwhile. */
  onsaved?: () => unknown;
  /** What a path is called that no field on the screen stands for; null for the path itself. */
  words?: (path: Path) => FieldWords | null;
}

/** How a field is called and its value written, where who was faster is told. */
export interface FieldWords {
  label: string;
  write: (value: unknown) => string;
}

/** What somebody else changed while this was being edited. */
export interface Theirs {
  who: string;
  at_ms: number;
  /** Taken over, for nobody here had touched it. */
  taken: Write[];
  /** Changed here too: ours stands until a person decides. */
  clashes: Clash[];
}

/** What stays on the device while it is not saved. */
interface Kept<Doc> {
  at_ms: number;
  rev: string;
  /** What a person typed, to be read and copied. */
  typed: Record<string, unknown>;
  baseAt: number;
  at: number;
  steps: Step[];
  /** Of a new record, which has no other place. */
  fresh?: Doc;
}

const JOIN_MS = 800;

/**
 * One record that a person edits and saves. Make it with `editingOf(spec)` while a component is being made, draw it
 * in an `<EditorFrame {edit}>` and its fields with `<TextField path="host" label=…>` and the others of `$ui/fields`.
 *
 *     edit.doc                            what is shown; never changed in place
 *     edit.set("host", text, label)       one field; what is typed without a pause is one step
 *     edit.change(name, (doc) => …)       anything else: a pure function from document to document, one named step
 *     edit.undo() · redo() · isDirty · state · problemAt("items.bife.price")
 *     edit.save()                         sends what changed, or leads to what is wrong
 *     await edit.mayLeave()               asks what becomes of what is not saved, if there is anything
 *
 * It follows `spec.record`: what another person saves meanwhile is taken over where nobody here touched it, and is
 * shown beside ours in `theirs` where both did. Every step is kept on the device until it is saved or discarded.
 */
export class Editing<Doc extends object> {
  readonly saving: Action;
  /** How fields are called; they say so themselves. */
  readonly fields = new SvelteMap<string, FieldWords>();
  /** When it was that a person left this unsaved and has now come back to it. */
  left = $state<number | null>(null);
  theirs = $state.raw<Theirs | null>(null);
  /** Somebody wants to leave and is asked what becomes of what is not saved. */
  isLeaving = $state(false);
  /** How often a save was stopped by what is wrong: the frame then goes there. */
  stops = $state(0);
  #history: History<Doc> = $state.raw() as History<Doc>;
  #doc: Doc = $state.raw() as Doc;
  #touched: ReadonlySet<string> = $state.raw(new Set());
  #sent = $state.raw<{ doc: Doc; at: number } | null>(null);
  #rev = "";
  /** Revisions that are over: a view may show one for a moment after a save. */
  readonly #past = new Set<string>();
  readonly #app: App;
  readonly #spec: EditingSpec<Doc>;
  readonly #isNew: boolean;
  #settle: (mayLeave: boolean) => void = () => undefined;

  readonly #problems = $derived.by<Problems>(() => {
    const { limits, check } = this.#spec;
    return { ...this.#refused, ...check?.(this.#doc), ...(limits && wrongFields(limits, this.#doc)) };
  });

  constructor(app: App, spec: EditingSpec<Doc>) {
    this.#app = app;
    this.#spec = spec;
    this.saving = new Action(app, this.#savingSpec(), () => undefined);
    const record = spec.record();
    const kept = app.shelf.get("work", this.#key) as Kept<Doc> | undefined;
    this.#isNew = record === undefined;
    const base = record?.doc ?? kept?.fresh ?? spec.fresh?.();
    if (base === undefined) throw new Error(`nothing to edit: ${spec.key}`);
    this.#rev = record?.rev ?? "";
    this.#begin({ base, baseAt: 0, steps: [], at: 0 });
    if (kept) this.#comeBack(kept, record);
  }

  get doc(): Doc {
    return this.#doc;
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  get isDirty(): boolean {
    return !isEqual(this.#history.base, this.#doc);
  }

  get state(): "new" | "saved" | "kept" | "saving" | "refused" | "changed" {
    if (this.#sent && this.saving.isBusy) return "saving";
    if (this.#clashes.length > 0 || this.saving.refusal === "changed_meanwhile") return "changed";
    if (this.saving.problem !== null) return "refused";
    if (this.isDirty) return "kept";
    return this.#isNew ? "new" : "saved";
  }

  /** What *undo* would take back, and what *redo* would do again; null for nothing. */
  get undoes(): string | null {
    return this.#history.steps[this.#history.at - 1]?.name ?? null;
  }

  get redoes(): string | null {
    return this.#history.steps[this.#history.at]?.name ?? null;
  }

  valueAt(path: string | Path): unknown {
    return valueAt(this.#doc, typeof path === "string" ? pathOf(path) : path);
  }

  /** What is wrong there, in words; of a field that nobody touched only once somebody wants to save. */
  problemAt(path: string): string | null {
    const isSaid = this.stops > 0 || !this.#isNew || this.#touched.has(path);
    return (isSaid && this.#problems[path]) || null;
  }

  get problems(): Problems {
    return this.#problems;
  }

  set(path: string, value: unknown, name: string): void {
    this.change(name, (doc) => withValue(doc, pathOf(path), value) as Doc, { joins: path });
    this.#touched = new Set(this.#touched).add(path);
  }

  change(name: string, recipe: (doc: Doc) => Doc, { joins = "" } = {}): void {
    const after = recipe(this.#doc);
    const at_ms = Date.now();
    const writes = diff(this.#doc, after);
    if (writes.length === 0) return;
    this.left = null;
    const history = this.#joined(joins, at_ms) ?? this.#history;
    const step = { name, joins, at_ms, writes: diff(docAt(history, history.at), after) };
    this.#take(withStep(history, step, this.#pinned));
  }

  undo(): void {
    if (this.#history.at > 0) this.#take({ ...this.#history, at: this.#history.at - 1 });
  }

  redo(): void {
    if (this.#history.at < this.#history.steps.length) this.#take({ ...this.#history, at: this.#history.at + 1 });
  }

  /** Sends what changed; false when it was not saved, and why is said beside it. */
  async save(): Promise<boolean> {
    if (Object.keys(this.#problems).length > 0 || this.#clashes.length > 0) {
      this.stops += 1;
      return false;
    }
    if (this.saving.isBusy || !this.saving.isAllowed) return false;
    this.left = null;
    this.#sent = { doc: this.#doc, at: this.#history.at };
    try {
      return await this.saving.run();
    } finally {
      if (this.saving.doubt === null) this.#sent = null;
      this.follow();
    }
  }

  /** Back to what the edge has: nothing of what was typed stays. */
  discard(): void {
    const { base } = this.#history;
    this.saving.clear();
    this.theirs = this.left = null;
    this.#begin({ base, baseAt: 0, steps: [], at: 0 });
    alone(this.#app.work.drop(this.#key));
  }

  /** Where both changed the same: as they did, which can be undone, or as it stands here. */
  decide({ path, theirs }: Clash, whose: "ours" | "theirs"): void {
    const left = this.#clashes.filter((one) => one.path !== path);
    if (this.theirs) this.theirs = { ...this.theirs, clashes: left };
    if (whose === "ours") return;
    this.change(this.words(path).label, (doc) => withValue(doc, path, theirs) as Doc);
  }

  /** Who was faster has been read. */
  understood(): void {
    this.theirs = null;
  }

  words(path: Path): FieldWords {
    const unnamed = { label: path.join(" · "), write: String };
    return this.fields.get(path.join(".")) ?? this.#spec.words?.(path) ?? unnamed;
  }

  /** Whether the screen may go: at once when all is saved, else as the person says. */
  mayLeave(): Promise<boolean> {
    if (!this.isDirty) {
      alone(this.#app.work.drop(this.#key));
      return Promise.resolve(true);
    }
    this.isLeaving = true;
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  leave(how: "stay" | "later" | "discard"): void {
    this.isLeaving = false;
    if (how === "discard") this.discard();
    this.#settle(how !== "stay");
  }

  /** Takes the record as it is now; called whenever the views change. */
  follow(): void {
    const record = this.#spec.record();
    if (!record || this.#sent !== null || this.#past.has(record.rev)) return;
    const isOurs = record.rev === this.#rev;
    if (isOurs && isEqual(record.doc, this.#history.base)) return;
    const before = this.#history.base;
    const { history, clashes } = rebased(this.#history, record.doc);
    if (!isOurs) {
      this.#past.add(this.#rev);
      this.#rev = record.rev;
      const open = this.#stillOpen(clashes, history);
      const taken = finer(diff(before, record.doc)).filter(({ path }) => !open.some((one) => meet(one.path, path)));
      this.theirs = { who: record.who, at_ms: record.at_ms, taken, clashes: open };
      if (this.saving.refusal === "changed_meanwhile") this.saving.clear();
    }
    this.#take(history);
  }

  get #clashes(): Clash[] {
    return this.theirs?.clashes ?? [];
  }

  get #key(): string {
    return `${keptUnder(this.#app)}${this.#spec.key}`;
  }

  /** A refusal that names a field stands beside that field until something is changed. */
  get #refused(): Problems {
    const path = this.saving.facts.path;
    return typeof path === "string" && this.saving.problem ? { [path]: this.saving.problem } : {};
  }

  /** Steps that must stay: up to what is saved, or on its way to be. */
  get #pinned(): number {
    return Math.max(this.#history.baseAt, this.#sent?.at ?? 0);
  }

  #savingSpec() {
    const { permission, onsaved } = this.#spec;
    return {
      id: "editing.save",
      label: () => m.common_save(),
      mode: "ask" as const,
      whyNot: () => (this.isDirty || this.#isNew ? null : ""),
      command: () => this.#spec.save(this.#changed()),
      ondone: () => {
        this.#saved();
        return this.isDirty ? undefined : onsaved?.();
      },
      ...(permission ? { permission } : {}),
    };
  }

  #changed(): Changed<Doc> {
    const { base } = this.#history;
    const doc = this.#doc;
    const names = (Object.keys(doc) as (keyof Doc)[]).filter((name) => this.#isNew || !isEqual(doc[name], base[name]));
    const changes = Object.fromEntries(names.map((name) => [name, doc[name]])) as Partial<Doc>;
    return { changes, writes: diff(base, doc), doc, if_rev: this.#rev };
  }

  /** The edge has what was sent; what was typed meanwhile is a change of that. */
  #saved(): void {
    const sent = this.#sent;
    if (!sent) return;
    this.#past.add(this.#rev);
    this.#rev = this.saving.answered[0]?.id ?? this.#rev;
    this.#past.delete(this.#rev);
    this.theirs = null;
    this.#sent = null;
    this.#take({ ...this.#history, base: sent.doc, baseAt: sent.at });
  }

  #begin(history: History<Doc>): void {
    this.#history = history;
    this.#doc = docAt(history, history.at);
  }

  #take(history: History<Doc>): void {
    this.#begin(history);
    if (this.saving.refusal && this.saving.refusal !== "changed_meanwhile") this.saving.clear();
    const { base, steps, baseAt, at } = history;
    if (steps.length === 0 || (!this.isDirty && at === steps.length)) {
      alone(this.#app.work.drop(this.#key));
      return;
    }
    const changed = diff(base, this.#doc).map(({ path, after }) => [path.join("."), after] as const);
    const typed = Object.fromEntries(changed);
    const kept = { at_ms: Date.now(), rev: this.#rev, typed, baseAt, at, steps: [...steps] };
    alone(this.#app.work.keep(this.#key, this.#isNew ? { ...kept, fresh: base } : kept));
  }

  /** Goes on with what was kept: on the record as it was then, and from there to what it has become since. */
  #comeBack({ at_ms, rev, baseAt, at, steps }: Kept<Doc>, record: Saved<Doc> | undefined): void {
    const { base } = this.#history;
    this.#begin({ base, baseAt, steps, at });
    if (record && record.rev !== rev) {
      // What the record was where it was touched, the steps know; the rest is as it is now.
      const was = docAt(
        { base: docAt({ base, baseAt: 0, steps, at: 0 }, steps.length), baseAt: steps.length, steps, at: 0 },
        baseAt,
      );
      this.#begin({ base: was, baseAt, steps, at });
      this.#rev = rev;
      this.follow();
    }
    if (this.isDirty) this.left = at_ms;
  }

  /** Without the last step, when this goes on with it. */
  #joined(joins: string, at_ms: number): History<Doc> | null {
    const { steps, at } = this.#history;
    const last = steps[at - 1];
    const goesOn = joins !== "" && last?.joins === joins && at === steps.length && at > this.#pinned;
    if (!goesOn || at_ms - last.at_ms > JOIN_MS) return null;
    return { ...this.#history, steps: steps.slice(0, -1), at: at - 1 };
  }

  /** The clashes of before that nobody decided, with what is theirs now, and the new ones. */
  #stillOpen(clashes: Clash[], { base }: History<Doc>): Clash[] {
    const fresh = new Set(clashes.map(({ path }) => path.join(".")));
    const before = this.#clashes.filter(({ path }) => !fresh.has(path.join(".")));
    const open = before.map((one) => ({ ...one, theirs: valueAt(base, one.path) }));
    return [...open, ...clashes].filter(({ path, theirs }) => !isEqual(valueAt(this.#doc, path), theirs));
  }
}

function keptUnder(app: App): string {
  return `edit:${app.session.person?.staff_id ?? ""}:`;
}

/** What this person left unsaved on this device, by the editor's key. */
export function leftUnsaved(app: App): ReadonlySet<string> {
  const prefix = keptUnder(app);
  const keys = app.shelf.entries("work").map(([key]) => key);
  return new Set(keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)));
}

function pathOf(path: string): Path {
  return path.split(".");
}

/** Whether one is the other, or a part of it. */
function meet(one: Path, other: Path): boolean {
  return one.every((key, place) => other[place] === undefined || other[place] === key);
}

/**
 * An editor of one record, alive as long as its component: it follows the views, and no new version of the program
 * comes in while it is open.
 */
export function editingOf<Doc extends object>(spec: EditingSpec<Doc>): Editing<Doc> {
  const edit = new Editing<Doc>(getApp(), spec);
  $effect(() => edit.follow());
  onDestroy(busy.hold(`edit:${spec.key}`));
  return edit;
}
