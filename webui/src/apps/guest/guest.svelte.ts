import { createContext } from "svelte";
import { type Keeper, keeperOf } from "$features/guests/keeper";
import { type LinkFace, linkFace } from "$features/guests/link";
import { fetchMenu, type KeptMenu } from "$features/guests/menu";
import { Post } from "$features/guests/post";
import {
  type Cart,
  emptyCart,
  joined,
  type Kept,
  nothingKept,
  type Outgoing,
  type Visit,
} from "$features/guests/visit";
import type { DraftView, GuestView, Menu } from "$generated/vocabulary";
import { Problem, request } from "$lib/api";
import { backoff } from "$lib/backoff";
import { now } from "$lib/clock.svelte";
import { newId } from "$lib/ids";
import type { Answer, Fact } from "$lib/outbox";
import { followGuest, type GuestFrame } from "$lib/sse";
import { asksOf, joinCarts, wishesOf } from "./cart";

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
    this.#keeper = parts.keeper ?? keeperOf<Kept>("hos-guest");
    this.#menus = parts.menus ?? keeperOf<KeptMenu>("hos-guest-menu");
    this.#fetch = parts.fetch ?? ((input, init) => fetch(input, init));
    this.#follow = parts.follow ?? followGuest;
    this.kept = { ...nothingKept(), ...this.#keeper.read() };
    this.menuView = this.#menus.read();
    this.#post = new Post({
      waiting: () => $state.snapshot(this.kept.outbox) as Outgoing[],
      ontry: (ids) => this.#tried(ids),
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
    return this.code !== "" || (this.visit !== null && !this.visit.paused);
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
    if (code) void this.join();
    else this.#listen();
    void this.loadMenu();
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
      this.#keep(joined($state.snapshot(this.kept) as Kept, visit, Date.now()));
      this.#hear();
      this.#listen();
      if (!this.menu) void this.loadMenu();
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
      setTimeout(() => void this.join(attempts + 1), wait ?? 500 + backoff(attempts, Math.random()));
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
      setTimeout(() => void this.loadMenu(attempts + 1), 1000 + backoff(attempts, Math.random()));
    } finally {
      this.#isFetching = false;
    }
  }

  say(words: string): void {
    this.said = words;
  }

  /** Keeps another cart. Every touch ends here, so that a reload loses nothing. */
  setCart(cart: Cart): void {
    this.#keep({ ...this.kept, cart, touchedAtMs: Date.now() });
  }

  /** Sends what was chosen to the waiter, once; the cart is empty from here on. */
  send(): void {
    const { menu } = this;
    const cart = $state.snapshot(this.kept.cart) as Cart;
    if (!menu || cart.lines.length === 0) return;
    const draft_id = cart.changing || newId();
    const body = { draft_id, lines: asksOf(menu, cart), note: cart.note.trim(), allergies: cart.allergies };
    this.#keep({
      ...this.kept,
      cart: this.kept.aside ?? emptyCart(),
      aside: null,
      sent: { ...this.kept.sent, [draft_id]: cart },
      outbox: [...this.kept.outbox, outgoing(cart.changing ? "change_draft" : "submit_draft", body, cart)],
      refused: null,
    });
    this.#flush();
  }

  /** Opens a sent draft for change; what was chosen meanwhile waits aside. */
  change(draft: DraftView): void {
    const { cart, aside } = this.kept;
    const { note, allergies, draft_id } = draft;
    this.#keep({
      ...this.kept,
      cart: { lines: wishesOf(draft), note, allergies: [...allergies], changing: draft_id },
      aside: cart.changing ? aside : cart,
      refused: null,
    });
  }

  /** Leaves the draft as it was sent. */
  stopChanging(): void {
    this.#keep({ ...this.kept, cart: this.kept.aside ?? emptyCart(), aside: null });
  }

  /** Takes a draft back: at once when it never left this phone, else by asking. */
  withdraw(draftId: string): void {
    const waiting = this.kept.outbox.find((one) => one.command.name === "submit_draft" && idOf(one) === draftId);
    if (waiting && waiting.tries === 0) {
      const cart = joinCarts(waiting.cart ?? emptyCart(), this.kept.cart);
      this.#keep({ ...this.kept, cart, outbox: this.kept.outbox.filter((one) => one !== waiting) });
      return;
    }
    this.#ask("withdraw_draft", { draft_id: draftId });
  }

  /** Puts what a draft asked into the cart again, as new lines. */
  again(draft: DraftView): void {
    const lines = wishesOf(draft).map((wish) => ({ ...wish, line_id: newId() }));
    const cart = joinCarts(this.kept.cart as Cart, {
      lines,
      note: draft.note,
      allergies: [...draft.allergies],
      changing: "",
    });
    this.#keep({ ...this.kept, cart, touchedAtMs: Date.now(), putAway: [...this.kept.putAway, draft.draft_id] });
  }

  callWaiter(reason: string): void {
    this.#ask("call_waiter", { call_id: newId(), reason });
  }

  askBill(tender: string): void {
    this.#ask("ask_bill", { call_id: newId(), tender });
  }

  /** The guest has read why something was refused. */
  readRefusal(): void {
    this.#keep({ ...this.kept, refused: null });
  }

  /** Whether a command of this name is on its way. */
  isAsking(name: string): boolean {
    return this.kept.outbox.some((one) => one.command.name === name);
  }

  #ask(name: string, body: Record<string, unknown>): void {
    this.#keep({ ...this.kept, outbox: [...this.kept.outbox, outgoing(name, body, null)], refused: null });
    this.#flush();
  }

  #keep(kept: Kept): void {
    this.kept = kept;
    this.#keeper.write($state.snapshot(this.kept) as Kept);
  }

  #tried(ids: string[]): void {
    const outbox = this.kept.outbox.map((one) =>
      ids.includes(one.command.id) ? { ...one, tries: one.tries + 1 } : one,
    );
    this.#keep({ ...this.kept, outbox });
  }

  #answered(answer: Answer): void {
    const done = this.kept.outbox.find((one) => one.command.id === answer.id);
    if (!done) return;
    const outbox = this.kept.outbox.filter((one) => one !== done);
    this.#hear();
    if (answer.outcome === "done") {
      this.#keep({ ...this.kept, outbox });
      return;
    }
    const refused = { name: done.command.name, code: answer.code ?? "failed", facts: answer.facts ?? {} };
    this.#keep({ ...given(this.kept as Kept, done as Outgoing, refused.code), outbox, refused });
    if (refused.code === "visit_over") this.#end();
    else if (refused.code === "price_changed" || refused.code === "item_unknown") void this.loadMenu();
  }

  #listen(): void {
    const visitId = this.visit?.visit_id ?? "";
    if (visitId === this.#followed || this.isOver) return;
    this.#unfollow();
    this.#followed = visitId;
    this.#unfollow = this.#follow({
      url: `/guest-api/events?visit=${encodeURIComponent(visitId)}`,
      types: ["guest", "beat", "over"],
      onframe: (frame) => this.#heard(frame),
      onlink: (isOpen) => {
        if (isOpen) this.#wake(true);
        else void this.#probe();
      },
    });
  }

  #heard(frame: GuestFrame): void {
    this.#hear();
    if (frame.type === "over") this.#end();
    if (frame.type !== "guest" || !frame.value) return;
    const view = frame.value as GuestView;
    if (view.visit_id !== this.visit?.visit_id) return;
    this.#keep({ ...this.kept, view });
    if (view.is_over) this.#end();
    else if (view.menu_version !== this.menuView?.view.version) void this.loadMenu();
  }

  #end(): void {
    this.#keep({ ...this.kept, isOver: true });
    this.#unfollow();
    this.#followed = "";
  }

  /** A stream that breaks does not say why: asked plainly, the edge tells a phone whose visit is over. */
  async #probe(): Promise<void> {
    if (Date.now() - this.#probedAtMs < PROBE_EVERY_MS) return;
    this.#probedAtMs = Date.now();
    const abort = new AbortController();
    try {
      const response = await this.#fetch("/guest-api/events", { signal: abort.signal, cache: "no-store" });
      if (response.ok) return;
      const refusal = (await response.json()) as { code?: string };
      if (refusal.code === "visit_over") this.#end();
    } catch {
      this.#probedAtMs = 0; // Nobody answered: the next break asks again.
    } finally {
      abort.abort();
    }
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
    if (this.visit && !this.code && !this.isOver) void this.#post.flush();
  }
}

/** `provideGuest(guest)` in the root component; `getGuest()` below it. */
export const [getGuest, provideGuest] = createContext<Guest>();

function outgoing(name: string, body: Record<string, unknown>, cart: Cart | null): Outgoing {
  return { command: { id: newId(), name, body, asked_at_ms: Date.now() }, tries: 0, cart };
}

function idOf(one: Outgoing): unknown {
  return one.command.body.draft_id;
}

/** What a refusal gives back: the lines, unless a waiter has the draft already. */
function given(kept: Kept, refused: Outgoing, code: string): Kept {
  const { cart } = refused;
  if (!cart || code === "draft_claimed" || code === "draft_settled") return kept;
  const { [cart.changing || String(idOf(refused))]: _, ...sent } = kept.sent;
  if (cart.changing && !kept.cart.changing) return { ...kept, cart, aside: kept.cart };
  return { ...kept, sent, cart: joinCarts({ ...cart, changing: "" }, kept.cart) };
}

function on(type: string, run: () => void): () => void {
  globalThis.addEventListener?.(type, run);
  return () => globalThis.removeEventListener?.(type, run);
}
