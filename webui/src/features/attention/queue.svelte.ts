import { createContext, untrack } from "svelte";
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { AttentionView, Views } from "$generated/vocabulary";
import { Action } from "$lib/actions.svelte";
import { alone } from "$lib/alone";
import type { App } from "$lib/app.svelte";
import { now } from "$lib/clock.svelte";
import * as m from "$lib/messages";
import type { LastPerson } from "$lib/session.svelte";
import type { Cue, Sound } from "$lib/sound";
import type { ViewStore } from "$lib/store.svelte";
import type { Undo } from "$lib/undo.svelte";
import { pickUp, placeOf } from "./cards";
import { type Card, cardsOf, holdOrder, isAlarming, isMine, type Listener, settledBy, withTaken } from "./queue";

const STILL_MS = 2000;
const LATER_MS = 5 * 60_000;
const CUES: Record<string, Cue> = { ready: "ready", draft: "draft", call: "call", pass: "call", bill: "call" };

interface QueueSettings {
  /** Where there is a place to take things back from: what cannot be undone afterwards is put off until then. */
  undo?: Undo;
  /** The table that is open: its cards are seen, and need no sound. */
  tableId?: () => string;
  /** Whose it is, where that is not who is signed in: a locked phone's. */
  who?: () => LastPerson | null;
  /** What rings here; by the person's role when it is left out. */
  hears?: "room" | "till";
}

/** The queue of this person: what to show, in an order that never moves under a finger, and its sounds. */
export class QueueState {
  scope = $state<"mine" | "all">("mine");
  readonly sound: Sound;
  silentUntilMs = $state(0);
  #order = $state.raw<string[]>([]);
  #isHeld = $state(false);
  #touchedAtMs = $state(0);
  readonly #later = new SvelteMap<string, number>();
  /** Cards whose act waits, for as long as it can be taken back. */
  readonly #putOff = new SvelteSet<string>();

  readonly #undo: Undo | null;
  readonly #settings: QueueSettings;

  constructor(
    readonly app: App,
    readonly views: ViewStore<Views>,
    settings: QueueSettings = {},
  ) {
    this.#settings = settings;
    this.#undo = settings.undo ?? null;
    this.sound = app.sound;
  }

  readonly #open = $derived.by((): AttentionView[] => {
    const all = this.views.all("attention");
    const commands = this.app.unsettled.map(({ command }) => command);
    const done = settledBy(all, commands);
    const open = all.filter(
      ({ key }) => !done.has(key) && !this.#putOff.has(key) && (this.#later.get(key) ?? 0) <= now(),
    );
    return withTaken(open, commands, this.app.session.person?.name || this.app.session.device?.name || "");
  });
  readonly #listener = $derived.by((): Listener => {
    const who = this.#settings.who?.() ?? this.app.session.person;
    const hears = this.#settings.hears ?? (who?.role === "manager" ? "till" : "room");
    return { staffId: who?.staff_id ?? "", hears };
  });
  readonly all = $derived(cardsOf(this.#open, now()));
  readonly mine = $derived(
    cardsOf(
      this.#open.filter((view) => isMine(view, this.#listener, now())),
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
    alone(this.sound.unlock());
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
    this.#undo?.offer({
      text: m.attention_put_off({ place: placeOf(view) }),
      undo: () => this.#later.delete(view.key),
    });
  }

  /** Its dishes were taken from the pass. The card leaves at once; taken back, it returns with its old age. */
  pickedUp(view: AttentionView): void {
    this.#putOff.add(view.key);
    const send = async () => {
      await new Action(this.app, pickUp, () => view).run();
      this.#putOff.delete(view.key);
    };
    if (!this.#undo) {
      alone(send());
      return;
    }
    this.#undo.offer({
      text: m.attention_picked_up({ place: placeOf(view), course: view.course }),
      undo: () => this.#putOff.delete(view.key),
      settle: send,
    });
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
    this.listen();
  }

  /** The sounds alone, for a screen that shows no queue; call inside an effect. */
  listen(): void {
    for (const card of this.mine) this.#hear(card);
    if (isAlarming(this.mine.map(({ view }) => view))) this.sound.alarm();
    else this.sound.calm();
  }

  /** Once when it becomes theirs, once at amber, once at red; a fault rings until somebody takes it. */
  #hear(card: Card): void {
    const key = `${this.#listener.staffId}:${card.view.key}`;
    if (this.app.heard.get(key) === card.heat) return;
    this.app.heard.set(key, card.heat);
    if (card.view.table_id !== "" && card.view.table_id === this.#settings.tableId?.()) return;
    const cue = CUES[card.view.kind];
    if (cue) this.sound.play(cue);
  }
}

export const [getQueue, provideQueue] = createContext<QueueState>();
