import type { App } from "./app.svelte";
import * as m from "./messages";
import type { Ask, Called, Command, Doubt } from "./outbox";
import { staffWords } from "./rejections-staff";

/** What a manager is asked to approve. */
interface Waiting {
  ask: Ask;
  what: string;
  settle: (isDone: boolean) => void;
}

/**
 * Asks the edge for something that is never queued, and holds what came of it: words of a refusal, a doubt, or the
 * manager who must approve. `Asked.svelte` draws it.
 */
export class Asked {
  problem = $state<string | null>(null);
  /** Why the edge said no, for who can answer it. */
  refusal = $state<string | null>(null);
  doubt = $state.raw<Doubt | null>(null);
  waiting = $state.raw<Waiting | null>(null);

  constructor(readonly app: App) {}

  /** Whether the edge did it. Without the permission a manager's PIN is asked for first. */
  async ask(one: Ask, how: { permission: string; what: string }): Promise<boolean> {
    this.problem = null;
    this.refusal = null;
    this.doubt = null;
    if (this.app.session.may(how.permission)) return this.#took(await this.app.ask(one));
    return new Promise((resolve) => {
      this.waiting = { ask: one, what: how.what, settle: resolve };
    });
  }

  /** The manager's sheet closed: with an answer, or without one. */
  approved(called: Called): void {
    this.waiting?.settle(this.#took(called));
    this.waiting = null;
  }

  cancelled(): void {
    this.waiting?.settle(false);
    this.waiting = null;
  }

  /** Asks again what is in doubt: done once, however often it is asked. */
  async consult(): Promise<boolean> {
    const commands: Command[] | undefined = this.doubt?.commands;
    return commands ? this.#took(await this.app.ask(commands)) : false;
  }

  #took(called: Called): boolean {
    this.doubt = called.state === "unknown" ? called.doubt : null;
    if (called.state !== "answered") return false;
    const refused = called.answers.find((answer) => answer.outcome !== "done");
    this.refusal = refused?.code ?? null;
    this.problem = refused ? staffWords(refused.code ?? "failed", refused.facts) : null;
    return refused === undefined;
  }
}

/** Why a thing that only the edge can do cannot be done now, for the words under its button. */
export function whyNot(app: App): string | null {
  return app.isReachable ? null : m.common_needs_edge();
}
