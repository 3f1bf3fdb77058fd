import { getApp } from "./app.svelte";
import type { Ask, Called, Command } from "./outbox";

/** One thing a person may do: the button, the key and the menu share it. */
export interface ActionSpec<Target> {
  /** Names it for shortcuts: `ordering.void_line`. */
  id: string;
  label: (target: Target) => string;
  /** Who may; nothing means anybody who is signed in, or the device itself. */
  permission?: string;
  shortcut?: string;
  /** Whether it makes sense now. */
  when?: (target: Target) => boolean;
  /** What the edge is asked. Several travel together, in order. */
  command: (target: Target) => Ask | Ask[];
  /** `now` for money and approvals: needs the edge, and its answer comes back. Else it is kept and sent. */
  mode?: "queue" | "now";
}

export type ActionResult = { state: "kept"; commands: Command[] } | Called | { state: "not_allowed" };

/** An action with its target, ready for a Button. */
export interface Action {
  readonly id: string;
  readonly label: string;
  readonly shortcut: string | undefined;
  /** Whether this person may, whether it makes sense, and whether the edge it needs is there. */
  readonly allowed: boolean;
  /** Why not, for the words under a disabled button. */
  readonly reason: "permission" | "no_edge" | "not_now" | null;
  readonly run: () => Promise<ActionResult>;
}

/** Declares an action once, beside the feature that owns it. */
export function defineAction<Target>(spec: ActionSpec<Target>): ActionSpec<Target> {
  return spec;
}

/**
 * Joins an action to what it acts on. Call while a component is being made; what it returns follows the state.
 * A null target is an action that makes no sense now.
 */
export function actionFor<Target>(spec: ActionSpec<Target>, target: () => Target | null | undefined): Action {
  const app = getApp();
  const reason = (): Action["reason"] => {
    const value = target();
    if (value === null || value === undefined || spec.when?.(value) === false) return "not_now";
    if (!app.session.may(spec.permission)) return "permission";
    return spec.mode === "now" && !app.isReachable ? "no_edge" : null;
  };
  return {
    id: spec.id,
    shortcut: spec.shortcut,
    get label() {
      const value = target();
      return value === null || value === undefined ? "" : spec.label(value);
    },
    get reason() {
      return reason();
    },
    get allowed() {
      return reason() === null;
    },
    run: async () => {
      const value = target();
      if (reason() !== null || value === null || value === undefined) return { state: "not_allowed" };
      const asks = spec.command(value);
      return spec.mode === "now" ? app.ask(asks) : { state: "kept", commands: await app.do(asks) };
    },
  };
}
