import { createContext, untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { AttentionView, Views } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import { now } from "$lib/clock.svelte";
import { type Cue, Sound } from "$lib/sound";
import type { ViewStore } from "$lib/store.svelte";
import { type Card, cardsOf, type Heat, holdOrder, isMine, settledBy } from "./queue";

const STILL_MS = 2000;
const LATER_MS = 5 * 60_000;
const CUES: Record<string, Cue> = { ready: "ready", draft: "draft", call: "call", bill: "call" };

/** The queue of this person: what to show, in an order that never moves under a finger, and its sounds. */
export class QueueState {
  scope = $state<"mine" | "all">("mine");
  readonly sound = new Sound();
  silentUntilMs = $state(0);
  #order = $state.raw<string[]>([]);
  #isHeld = $state(false);
  #touchedAtMs = $state(0);
  readonly #later = new SvelteMap<string, number>();
  readonly #heard = new Map<string, Heat>();

  constructor(
    readonly app: App,
    readonly views: ViewStore<Views>,
  ) {}

  readonly #open = $derived.by((): AttentionView[] => {
    const all = this.views.all("attention");
    const done = settledBy(
      all,
      this.app.unsettled.map(({ command }) => command),
    );
    return all.filter((view) => !done.has(view.key) && (this.#later.get(view.key) ?? 0) <= now());
  });
  readonly #sections = $derived.by((): ReadonlySet<string> => {
    const mine = ["", this.app.session.person?.staff_id ?? ""];
    return new Set(this.views.all("section").flatMap((one) => (mine.includes(one.staff_id) ? [one.section_id] : [])));
  });
  readonly all = $derived(cardsOf(this.#open, now()));
  readonly mine = $derived(
    cardsOf(
      this.#open.filter((view) => isMine(view, this.app.session.person?.staff_id ?? "", this.#sections)),
      now(),
    ),
  );
  readonly #cards = $derived(this.scope === "mine" ? this.mine : this.all);
  readonly #held = $derived(holdOrder(this.#order, this.#cards));
  /** What is drawn, in its place. */
  readonly shown = $derived.by((): Card[] => {
    const byKey = new Map(this.#cards.map((card) => [card.key, card]));
    return this.#held.keys.flatMap((key) => byKey.get(key) ?? []);
  });
  /** How many came while a finger was down. */
  readonly waiting = $derived(this.#held.waiting);

  get isSilent(): boolean {
    return this.silentUntilMs > now();
  }

  touched(): void {
    this.#isHeld = true;
    void this.sound.unlock();
  }

  released(): void {
    this.#isHeld = false;
    this.#touchedAtMs = now();
  }

  /** Shows what waits, in the order of the queue. */
  settle(): void {
    this.#order = this.#cards.map((card) => card.key);
  }

  choose(scope: "mine" | "all"): void {
    this.scope = scope;
    this.settle();
  }

  later(view: AttentionView): void {
    this.#later.set(view.key, now() + LATER_MS);
  }

  silence(): void {
    this.sound.silence(10 * 60_000);
    this.silentUntilMs = now() + 10 * 60_000;
  }

  /** Keeps order and sounds up to date; call inside an effect. */
  follow(): void {
    const cards = this.#cards;
    const isStill = !this.#isHeld && now() - this.#touchedAtMs >= STILL_MS;
    const isEmpty = this.#order.length === 0;
    if (isStill || isEmpty) {
      const keys = cards.map((card) => card.key);
      if (keys.join() !== untrack(() => this.#order.join())) this.#order = keys;
    }
    for (const card of this.mine) this.#hear(card);
  }

  #hear(card: Card): void {
    const before = this.#heard.get(card.view.key);
    if (before === card.heat) return;
    this.#heard.set(card.view.key, card.heat);
    const cue = CUES[card.view.kind];
    if (cue) this.sound.play(cue);
    else if (card.view.kind === "fault") this.sound.play("fault");
  }
}

export const [getQueue, provideQueue] = createContext<QueueState>();
