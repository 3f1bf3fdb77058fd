import { createContext } from "svelte";
import { forget, type Keeper, keeperOf } from "$features/guests/keeper";
import { type LinkFace, linkFace } from "$features/guests/link";
import { fetchMenu, type KeptMenu } from "$features/guests/menu";
import { Post } from "$features/guests/post";
import { eventsOf, isVisitOver } from "$features/guests/probe";
import { type Cart, joined, type Kept, nothingKept, type Outgoing, type Visit } from "$features/guests/visit";
import type { DraftView, GuestView, Menu } from "$generated/vocabulary";
import { alone } from "$lib/alone";
import { Problem, request } from "$lib/api";
import { backoff } from "$lib/backoff";
import { now } from "$lib/clock.svelte";
import { newId } from "$lib/ids";
import type { Answer, Fact } from "$lib/outbox";
import { followGuest, type GuestFrame } from "$lib/sse";
import * as acts from "./acts";

const KEPT = "hos-guest";
const KEPT_MENU = "hos-guest-menu";
const PROBE_EVERY_MS = 15_000;

export interface Trouble {
  code: string;
  facts: Record<string, Fact>;
}

export interface GuestParts {
  keeper?: Keeper<Kept>;
  menus?: Keeper<KeptMenu>;
  fetch?: typeof fetch;
  follow?: typeof followGuest;
}

/** A guest's phone: what it keeps, what it was told, and what it may ask. */
export class Guest {
  kept = $state<Kept>(nothingKept());
  menuView = $state.raw<KeptMenu | null>(null);
  /** A scanned code that the edge has not answered yet. */
  code = $state("");
  /** Why the code was refused. */
  problem = $state<Trouble | null>(null);
  heardAtMs = $state(0);
  isOnline = $state(true);
  /** Whether the last thing that was tried came through. */
  isReached = $state(true);
  /** Whether this browser keeps what is chosen; else it lasts as long as the page. */
  isKept = $state(true);
  /** What was done last, for those who do not see it. */
  said = $state("");
  /** Whether the edge answered anything since the page opened. */
  isFresh = $state(false);

  readonly #keeper: Keeper<Kept>;
  readonly #menus: Keeper<KeptMenu>;
  readonly #fetch: typeof fetch;
  readonly #follow: typeof followGuest;
  readonly #post: Post;
  #followed = "";
  #unfollow: () => void = () => {};
  #isFetching = false;
  #probedAtMs = 0;

  constructor(parts: GuestParts = {}) {
    this.#keeper = parts.keeper ?? keeperOf<Kept>(KEPT);
    this.#menus = parts.menus ?? keeperOf<KeptMenu>(KEPT_MENU);
    this.#fetch = parts.fetch ?? ((input, init) => fetch(input, init));
    this.#follow = parts.follow ?? followGuest;
    this.kept = { ...nothingKept(), ...this.#keeper.read() };
    this.menuView = this.#menus.read();
    this.#post = new Post({
      waiting: () => $state.snapshot(this.kept.outbox) as Outgoing[],
      ontry: (ids) => this.#keep(acts.tried(this.#now, ids)),
      onanswer: (answer) => this.#answered(answer),
      onreach: (isReached) => {
        this.isReached = isReached;
      },
      fetch: this.#fetch,
    });
  }

  get menu(): Menu | null {
    return this.menuView?.view.menu ?? null;
  }

  get visit(): Visit | null {
    return this.kept.visit;
  }

  get view(): GuestView | null {
    return this.kept.view;
  }

  get soldOut(): readonly string[] {
    return this.kept.view?.sold_out ?? [];
  }

  /** The visit is over: nothing can be asked until the code is scanned again. */
  get isOver(): boolean {
    return this.kept.isOver && !this.code;
  }

  /** Whether this phone may choose: it sits at a table, or is joining one, whose venue takes orders by phone. */
  get mayOrder(): boolean {
    if (this.isOver || this.problem) return false;
    return this.code !== "" || (this.visit !== null && !this.isPaused);
  }

  /** Whether the venue takes no orders by phone for now: as it was told last, or as the phone joined. */
  get isPaused(): boolean {
    return this.kept.view?.is_paused ?? this.visit?.paused ?? false;
  }

  get link(): LinkFace {
    const isUp = this.isOnline && this.isReached;
    return linkFace(this.visit && !this.isOver ? now() - this.heardAtMs : 0, isUp);
  }

  /** Begins: joins when a code was scanned, follows what is known, sends what waits. Returns a way to stop. */
  start(code: string): () => void {
    this.code = code;
    this.isOnline = globalThis.navigator?.onLine ?? true;
    this.heardAtMs = Date.now();
    const stops = [
      this.#keeper.follow((kept) => {
        if (kept) this.kept = kept;
      }),
      on("online", () => this.#wake(true)),
      on("offline", () => this.#wake(false)),
      on("pageshow", () => this.#wake(true)),
      () => this.#unfollow(),
      () => this.#post.stop(),
    ];
    if (code) alone(this.join());
    else this.#listen();
    alone(this.loadMenu());
    this.#flush();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Joins the table of the scanned code, trying until the edge answers. */
  async join(attempts = 0): Promise<void> {
    try {
      const visit = await request<Visit>("/guest-api/join", { body: { code: this.code } });
      this.code = "";
      this.#keep(joined(this.#now, visit, Date.now()));
      this.#hear();
      this.#listen();
      if (!this.menu) alone(this.loadMenu());
      this.#flush();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const wait = error.code === "too_fast" ? 1000 * Number(error.facts.retry_after_s ?? 5) : null;
      if (wait === null && !error.isUnreachable && error.status < 500) {
        this.problem = { code: error.code, facts: error.facts };
        this.code = "";
        return;
      }
      if (error.isUnreachable) this.isReached = false;
      setTimeout(() => alone(this.join(attempts + 1)), wait ?? 500 + backoff(attempts, Math.random()));
    }
  }

  /** Brings the menu up to date; the kept one stays when nobody answers. */
  async loadMenu(attempts = 0): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      const found = await fetchMenu(this.menuView, this.#fetch);
      if (found) {
        this.menuView = found;
        this.#menus.write(found);
      }
      this.isFresh = true;
      this.isReached = true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status < 500 && !error.isUnreachable && error.code !== "menu_missing") return;
      if (error.isUnreachable) this.isReached = false;
      setTimeout(() => alone(this.loadMenu(attempts + 1)), 1000 + backoff(attempts, Math.random()));
    } finally {
      this.#isFetching = false;
    }
  }

  say(words: string): void {
    this.said = words;
  }

  /** Keeps another cart. Every touch ends here, so that a reload loses nothing. */
  setCart(cart: Cart): void {
    this.#keep({ ...this.#now, cart, touchedAtMs: Date.now() });
  }

  /** Sends what was chosen to the waiter, once; the cart is empty from here on. */
  send(): void {
    if (this.menu) this.#go(acts.sent(this.#now, this.menu, Date.now()));
  }

  /** Opens a sent draft for change; what was chosen meanwhile waits aside. */
  change(draft: DraftView): void {
    this.#keep(acts.opened(this.#now, draft));
  }

  /** Leaves the draft as it was sent. */
  stopChanging(): void {
    this.#keep(acts.leftAlone(this.#now));
  }

  /** Takes a draft back: at once when it never left this phone, else by asking. */
  withdraw(draftId: string): void {
    const back = acts.takenBack(this.#now, draftId);
    if (back) this.#keep(back);
    else this.#ask("withdraw_draft", { draft_id: draftId });
  }

  /** Puts what a draft asked into the cart again, as new lines. */
  again(draft: DraftView): void {
    this.#keep({ ...acts.askedAgain(this.#now, draft), touchedAtMs: Date.now() });
  }

  callWaiter(reason: string): void {
    this.#ask("call_waiter", { call_id: newId(), reason });
  }

  askBill(tender: string): void {
    this.#ask("ask_bill", { call_id: newId(), tender });
  }

  /** The guest has read why something was refused. */
  readRefusal(): void {
    this.#keep({ ...this.#now, refused: null });
  }

  /** Whether a command of this name is on its way. */
  isAsking(name: string): boolean {
    return this.kept.outbox.some((one) => one.command.name === name);
  }

  get #now(): Kept {
    return $state.snapshot(this.kept) as Kept;
  }

  #ask(name: string, body: Record<string, unknown>): void {
    this.#go(acts.asked(this.#now, name, body, Date.now()));
  }

  #go(kept: Kept): void {
    this.#keep(kept);
    this.#flush();
  }

  #keep(kept: Kept): void {
    this.kept = kept;
    this.isKept = this.#keeper.write($state.snapshot(this.kept) as Kept);
  }

  #answered(answer: Answer): void {
    this.#hear();
    const { id, outcome, code = "failed", facts = {} } = answer;
    this.#keep(outcome === "done" ? acts.done(this.#now, id) : acts.refused(this.#now, id, code, facts));
    if (code === "visit_over") this.#end();
    else if (code === "price_changed" || code === "item_unknown") alone(this.loadMenu());
  }

  #listen(): void {
    const visitId = this.visit?.visit_id ?? "";
    if (visitId === this.#followed || this.isOver) return;
    this.#unfollow();
    this.#followed = visitId;
    this.#unfollow = this.#follow({
      url: eventsOf(visitId),
      types: ["guest", "beat", "over"],
      onframe: (frame) => this.#heard(frame),
      onlink: (isOpen) => {
        if (isOpen) this.#wake(true);
        else alone(this.#probe());
      },
    });
  }

  #heard(frame: GuestFrame): void {
    this.#hear();
    if (frame.type === "over") this.#end();
    if (frame.type !== "guest" || !frame.value) return;
    const view = frame.value as GuestView;
    if (view.visit_id !== this.visit?.visit_id) return;
    this.#keep({ ...this.#now, view });
    if (view.is_over) this.#end();
    else if (view.menu_version !== this.menuView?.view.version) alone(this.loadMenu());
  }

  #end(): void {
    this.#keep({ ...this.#now, isOver: true });
    this.#unfollow();
    this.#followed = "";
  }

  /** The stream broke: perhaps for good. Asked seldom, for it breaks often on a bad link. */
  async #probe(): Promise<void> {
    if (Date.now() - this.#probedAtMs < PROBE_EVERY_MS) return;
    this.#probedAtMs = Date.now();
    const visitId = this.visit?.visit_id ?? "";
    const isOver = await isVisitOver(visitId, this.#fetch);
    if (isOver && visitId === this.visit?.visit_id) this.#end();
    if (isOver === null) this.#probedAtMs = 0;
  }

  #hear(): void {
    this.heardAtMs = Date.now();
    this.isReached = true;
  }

  #wake(isOnline: boolean): void {
    this.isOnline = isOnline;
    if (isOnline) this.#flush();
  }

  /** Sends what waits, unless a table is being joined: it would go to the last one. */
  #flush(): void {
    if (this.visit && !this.code && !this.isOver) alone(this.#post.flush());
  }
}

/** Throws away all that this phone keeps. */
export const forgetGuest = (): void => forget(KEPT, KEPT_MENU);

/** `provideGuest(guest)` in the root component; `getGuest()` below it. */
export const [getGuest, provideGuest] = createContext<Guest>();

function on(type: string, run: () => void): () => void {
  globalThis.addEventListener?.(type, run);
  return () => globalThis.removeEventListener?.(type, run);
}
