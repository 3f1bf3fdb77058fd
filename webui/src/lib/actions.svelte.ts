import type { AnyAction } from "./acts.svelte";
import { type App, getApp } from "./app.svelte";
import type { Combo } from "./keyboard";
import * as m from "./messages";
import type { Answer, Ask, Called, Doubt, Fact } from "./outbox";
import { staffWords } from "./rejections-staff";

interface Declared<Target> {
  /** Names it for keys: `ordering.void_line`. */
  id: string;
  label: (target: Target) => string;
  key?: Combo;
  /** Who may; nothing means anybody who is signed in, or the device itself. */
  permission?: string | ((target: Target) => string | undefined);
  /** Whether there is anything to do it to: else menus leave it out. */
  when?: (target: Target) => boolean;
  /** Why it cannot be done now, in words; "" when there is nothing to say; null when it can. */
  whyNot?: (target: Target) => string | null | undefined;
  /** What a second press in the same moment would do twice; the command itself where this is left out. */
  thing?: (target: Target) => string | null;
  /** It was done, or is kept and will be; by a manager, or when it was asked again, too. */
  ondone?: (target: Target) => unknown;
}

/** Something asked of the edge. */
export interface CommandSpec<Target> extends Declared<Target> {
  /** `do` is kept and sent in order, now or later; `ask` is asked now and waited for: money, approvals, settings. */
  mode?: "do" | "ask";
  /** Several travel together, in order. */
  command: (target: Target) => Ask | Ask[];
  /** A manager may approve it in place for who may not: what they read before their PIN. Of one command only. */
  approve?: (target: Target) => string;
  /**
   * A switch: turned there and back, the same may be asked again while the first is on its way, and what is chosen
   * while an answer is waited for is asked next.
   */
  isSwitch?: boolean;
}

/** Something done on this screen: another place, a choice, a longer way with commands of its own. */
export interface ErrandSpec<Target> extends Declared<Target> {
  run: (target: Target) => unknown;
}

/** One thing a person may do: the button, the key, the menu and the palette share it. */
export type ActionSpec<Target = undefined> = CommandSpec<Target> | ErrandSpec<Target>;

/** What a manager is asked to approve. */
interface Waiting {
  ask: Ask;
  what: string;
  settle: (called: Called | null) => void;
}

/** An action joined to what it acts on: whether it can be done, doing it once, and what came of it. */
export class Action<Target = undefined> implements AnyAction {
  isBusy = $state(false);
  /** Why the edge said no, in words. */
  problem = $state<string | null>(null);
  /** The same as a code, for who can answer it. */
  refusal = $state<string | null>(null);
  /** What the edge said beside that code: who was faster, the path of the field. */
  facts = $state.raw<Record<string, Fact>>({});
  /** What the edge said last, one answer for each command, with its id. */
  answered = $state.raw<readonly Answer[]>([]);
  /** The answer never came: until it is known, the same is not asked anew. */
  doubt = $state.raw<Doubt | null>(null);
  /** A manager's PIN is waited for. */
  waiting = $state.raw<Waiting | null>(null);
  readonly #app: App;
  readonly #spec: ActionSpec<Target>;
  readonly #target: () => Target | null | undefined;
  #last: Target | null = null;
  #next: Target | null = null;

  constructor(app: App, spec: ActionSpec<Target>, target: () => Target | null | undefined) {
    this.#app = app;
    this.#spec = spec;
    this.#target = target;
  }

  get id(): string {
    return this.#spec.id;
  }

  get key(): Combo | undefined {
    return this.#spec.key;
  }

  get label(): string {
    const target = this.#target();
    return target === null ? "" : this.#spec.label(target as Target);
  }

  get isPossible(): boolean {
    const target = this.#target();
    return target !== null && this.#spec.when?.(target as Target) !== false;
  }

  get reason(): string | null {
    return this.isPossible ? this.whyNot(this.#target() as Target) : "";
  }

  get isAllowed(): boolean {
    return this.reason === null;
  }

  /** The same as `reason`, of one target. */
  whyNot(target: Target): string | null {
    if (this.#spec.when?.(target) === false) return "";
    const reasons = [this.#spec.whyNot?.(target) ?? null, this.#lacks(target)].filter((one) => one !== null);
    return reasons.length > 0 ? (reasons.find(Boolean) ?? "") : this.#follows(target);
  }

  /** Does it once, to its target or to one that is named. False when it was not done, and what came of it is here. */
  async run(named?: Target): Promise<boolean> {
    const target = named === undefined ? this.#target() : named;
    if (this.isBusy && this.#isSwitch && named !== undefined) this.#next = named;
    if (this.isBusy || target === null || this.whyNot(target as Target) !== null) return false;
    const wish = this.#wishOf(target as Target);
    if (wish !== null && !this.#app.presses.take(wish)) return false;
    this.#last = target as Target;
    this.isBusy = true;
    this.clear();
    const isDone = await this.#go(target as Target).finally(() => {
      this.isBusy = false;
      if (wish !== null) this.#app.presses.forget(wish);
    });
    if (isDone && wish !== null) this.#app.presses.take(wish);
    if (isDone) await this.#spec.ondone?.(target as Target);
    const next = this.#next;
    this.#next = null;
    return next === null ? isDone : this.run(next);
  }

  get #isSwitch(): boolean {
    return "command" in this.#spec && this.#spec.isSwitch === true;
  }

  /** The manager's sheet closed: with an answer, or without one. */
  approved(called: Called | null): void {
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.settle(called);
  }

  /** Asks again what is in doubt: done once, however often it is asked. */
  async consult(): Promise<boolean> {
    if (this.doubt === null || this.isBusy) return false;
    this.isBusy = true;
    const called = await this.#app.ask(this.doubt.commands).finally(() => {
      this.isBusy = false;
    });
    const isDone = this.#took(called);
    if (isDone) await this.#spec.ondone?.(this.#last as Target);
    return isDone;
  }

  /** What came of it was read, or something else was chosen since. */
  clear(): void {
    this.problem = null;
    this.refusal = null;
    this.facts = {};
  }

  async #go(target: Target): Promise<boolean> {
    const spec = this.#spec;
    if (!("command" in spec)) {
      await spec.run(target);
      return true;
    }
    const asks = [spec.command(target)].flat();
    if (!this.#may(target)) return this.#took(await this.#approval(asks[0]!, spec.approve!(target)));
    if (spec.mode === "ask") return this.#took(await this.#app.ask(asks));
    await this.#app.do(asks);
    return true;
  }

  #approval(ask: Ask, what: string): Promise<Called | null> {
    return new Promise((settle) => {
      this.waiting = { ask, what, settle };
    });
  }

  #took(called: Called | null): boolean {
    if (called === null) return false;
    this.doubt = called.state === "unknown" ? called.doubt : null;
    if (called.state !== "answered") return false;
    this.answered = called.answers;
    const refused = called.answers.find((answer) => answer.outcome !== "done");
    this.refusal = refused ? (refused.code ?? "failed") : null;
    this.facts = refused?.facts ?? {};
    this.problem = refused ? staffWords(refused.code ?? "failed", refused.facts) : null;
    return refused === undefined;
  }

  #may(target: Target): boolean {
    const { permission } = this.#spec;
    return this.#app.session.may(typeof permission === "function" ? permission(target) : permission);
  }

  /** What this person or this device lacks for it: the permission, or the edge. */
  #lacks(target: Target): string | null {
    const spec = this.#spec;
    const isApproved = "command" in spec && spec.approve !== undefined;
    if (!this.#may(target) && !isApproved) return m.common_needs_permission();
    const needsEdge = "command" in spec && (spec.mode === "ask" || !this.#may(target));
    return needsEdge && !this.#app.isReachable ? m.common_needs_edge() : null;
  }

  /** The same was asked before and is not over: in doubt, which is said beside it, or on its way. */
  #follows(target: Target): string | null {
    const spec = this.#spec;
    if (this.doubt !== null) return "";
    if (!("command" in spec) || this.#isSwitch || this.#app.unsettled.length === 0) return null;
    const sent = new Set(this.#app.unsettled.map(({ command }) => wordsOf(command)));
    return [spec.command(target)].flat().every((ask) => sent.has(wordsOf(ask))) ? m.common_on_its_way() : null;
  }

  /** What a second press in the same moment would do twice; null for what may be done as often as a key is pressed. */
  #wishOf(target: Target): string | null {
    const spec = this.#spec;
    if (spec.thing) return spec.thing(target);
    return "command" in spec ? [spec.command(target)].flat().map(wordsOf).join() : null;
  }
}

function wordsOf({ name, body }: Pick<Ask, "name" | "body">): string {
  return `${name} ${JSON.stringify(body)}`;
}

/** Declares an action once, beside the feature that owns it. */
export function defineAction<Target = undefined>(spec: CommandSpec<Target>): CommandSpec<Target> {
  return spec;
}

/** Joins an action to what it acts on: null while there is nothing. Call while a component is being made; it follows the state. */
export function actionFor<Target>(spec: ActionSpec<Target>, target: () => Target | null | undefined): Action<Target> {
  return new Action<Target>(getApp(), spec, () => target() ?? null);
}

/** An action of one screen alone, which knows what it acts on. Call while a component is being made. */
export function actionOf(spec: ActionSpec): Action {
  return new Action(getApp(), spec, () => undefined);
}

/** An action of a list, done to the row that is named: `run(row)`. Call while a component is being made. */
export function actionOn<Target>(spec: ActionSpec<Target>): Action<Target> {
  return new Action<Target>(getApp(), spec, () => null);
}
