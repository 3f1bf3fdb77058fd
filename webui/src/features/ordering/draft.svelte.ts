import { askOf, defaultModifiers, estimate } from "$features/ordering/estimate";
import type { DraftView, LineAsk, MenuItem, Views } from "$generated/vocabulary";
import { alone } from "$lib/alone";
import type { App } from "$lib/app.svelte";
import { ask } from "$lib/asks";
import { now } from "$lib/clock.svelte";
import { newId } from "$lib/ids";
import * as m from "$lib/messages";
import type { ViewStore } from "$lib/store.svelte";
import { age } from "$lib/time";

const CLAIM_MS = 90_000;

/** A draft under review: claimed while open, its edits kept on the device until it is settled. */
export class DraftEdit {
  lines = $state<LineAsk[]>([]);
  /** How many sit there, while the table has no check yet. */
  covers = $state(0);
  /** Every course at once, not only the first. */
  fireAll = $state(false);
  /** Table and kitchen know of the allergies. */
  isSeen = $state(false);
  #isDone = false;
  #touchedAtMs = $state(now());

  constructor(
    readonly app: App,
    readonly views: ViewStore<Views>,
    readonly draftId: string,
  ) {
    this.lines = this.draft?.lines.map(askOf) ?? [];
    // Whoever ordered sits there: as many as the phones that joined, until somebody counts.
    this.covers = this.views.get("table", this.draft?.table_id ?? "")?.phones ?? 0;
  }

  get draft(): DraftView | undefined {
    return this.views.get("draft", this.draftId);
  }

  /** Its table has a check already. */
  get isOpened(): boolean {
    return (this.draft?.check_id ?? "") !== "";
  }

  get isSettled(): boolean {
    return !["submitted", "claimed"].includes(this.draft?.state ?? "");
  }

  /** Another person has it open, and not for too long. */
  get isOthers(): boolean {
    const draft = this.draft;
    if (draft?.state !== "claimed" || draft.claimed_by === this.app.session.person?.staff_id) return false;
    return now() - draft.claimed_at_ms < CLAIM_MS;
  }

  /** Who confirmed or declined it, when that was another person. */
  get settledBy(): string {
    const draft = this.draft;
    const isTheirs = draft?.claimed_by !== this.app.session.person?.staff_id;
    return this.isSettled && isTheirs ? (draft?.claimed_by_name ?? "") : "";
  }

  get claimWord(): string {
    if (this.isSettled) return "";
    const left = this.#touchedAtMs + CLAIM_MS - now();
    if (this.isOthers) return m.attention_claimed({ name: this.draft?.claimed_by_name ?? "" });
    return left > 0 ? m.ordering_claimed_by_you({ left: age(left) }) : m.ordering_let_go();
  }

  get isChanged(): boolean {
    const before = this.draft?.lines.map(askOf) ?? [];
    return JSON.stringify(before) !== JSON.stringify(this.lines) || (this.draft?.price_changed.length ?? 0) > 0;
  }

  get allergies(): string[] {
    return [...new Set([...(this.draft?.allergies ?? []), ...this.lines.flatMap((line) => line.allergies ?? [])])];
  }

  get totalMinor(): number {
    return this.lines.reduce((sum, line) => sum + this.grossOf(line), 0);
  }

  /** What must be settled before it can be confirmed, in words. */
  get missing(): string | null {
    if (this.lines.length === 0) return m.ordering_draft_empty();
    for (const line of this.lines) {
      if (this.isOut(line)) return this.nameOf(line);
      const lacks = this.#menu && line.item_id ? estimate(this.#menu, line).missing[0] : undefined;
      if (lacks !== undefined) return lacks || m.ordering_variant();
    }
    return null;
  }

  grossOf(line: LineAsk): number {
    const kept = this.draft?.lines.find((one) => one.line_id === line.line_id);
    const priced = this.#menu ? estimate(this.#menu, line) : null;
    return priced?.item ? priced.grossMinor : (kept?.gross_minor ?? 0);
  }

  isOut(line: LineAsk): boolean {
    return this.views.get("sold_out", line.item_id) !== undefined;
  }

  nameOf(line: LineAsk): string {
    const item = this.#menu?.items.find((one) => one.id === line.item_id);
    return item?.name ?? this.draft?.lines.find((one) => one.line_id === line.line_id)?.name ?? "";
  }

  asks(): LineAsk[] {
    return $state.snapshot(this.lines);
  }

  change(lineId: string, by: Partial<LineAsk>): void {
    this.#put(this.lines.map((line) => (line.line_id === lineId ? { ...line, ...by } : line)));
  }

  replace(line: LineAsk): void {
    this.#put(this.lines.map((one) => (one.line_id === line.line_id ? line : one)));
  }

  remove(lineId: string): void {
    this.#put(this.lines.filter((line) => line.line_id !== lineId));
  }

  /** The lines as they were a moment ago. */
  restore(lines: LineAsk[]): void {
    this.#put(lines);
  }

  /** Another item in the place of a line; added at the end when no line is named. */
  swap(lineId: string, item: MenuItem): void {
    const modifier_ids = this.#menu ? defaultModifiers(this.#menu, item) : [];
    const variant_id = item.variants.length === 1 ? (item.variants[0]?.id ?? "") : "";
    const before = this.lines.find((line) => line.line_id === lineId);
    const next: LineAsk = {
      line_id: before?.line_id ?? newId(),
      item_id: item.id,
      variant_id,
      modifier_ids,
      quantity: before?.quantity ?? 1,
      course: 0,
      note: "",
      allergies: before?.allergies ?? [],
      seat: before?.seat ?? 0,
    };
    if (before) this.replace(next);
    else this.#put([...this.lines, next]);
  }

  /** Claims it, brings back edits made before, and lets go on leaving or after 90 s untouched; an effect's body. */
  begin(): () => void {
    const draft = this.draft;
    if (draft?.state === "submitted") alone(this.app.do(ask("claim_draft", { draft_id: this.draftId })));
    alone(this.#bringBack());
    const timer = setInterval(() => {
      if (now() - this.#touchedAtMs > CLAIM_MS) this.#release();
    }, 1000);
    return () => {
      clearInterval(timer);
      this.#release();
    };
  }

  /** It was confirmed or declined: nothing to let go of, nothing to keep. */
  finish(): void {
    this.#isDone = true;
    alone(this.app.work.drop(this.#key));
  }

  get #key(): string {
    return `draft:${this.app.session.person?.staff_id ?? ""}:${this.draftId}`;
  }

  get #menu() {
    return this.views.get("menu", "menu")?.menu;
  }

  #put(lines: LineAsk[]): void {
    if (this.#isDone) {
      this.#isDone = false;
      alone(this.app.do(ask("claim_draft", { draft_id: this.draftId })));
    }
    this.#touchedAtMs = now();
    this.lines = lines;
    alone(this.app.work.keep(this.#key, $state.snapshot(this.lines)));
  }

  async #bringBack(): Promise<void> {
    const kept = await this.app.work.get<LineAsk[]>(this.#key);
    if (kept) this.lines = kept;
  }

  #release(): void {
    if (this.#isDone || this.isOthers || this.isSettled) return;
    this.#isDone = true;
    alone(this.app.do(ask("release_draft", { draft_id: this.draftId })));
  }
}
