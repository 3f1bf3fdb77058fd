import { untrack } from "svelte";
import { alone } from "./alone";
import type { Combo, Keyboard } from "./keyboard";

/** What a button, a key, a menu and a palette know of an action. */
export interface AnyAction {
  /** Names it for keys: `ordering.void_line`. */
  readonly id: string;
  readonly key: Combo | undefined;
  readonly label: string;
  /** Whether there is anything to do it to: else menus leave it out. */
  readonly isPossible: boolean;
  /** Why it cannot be done now, in words; "" when there is nothing to say; null when it can. */
  readonly reason: string | null;
  readonly isAllowed: boolean;
  /** It was pressed and is not over: a second press is none. */
  readonly isBusy: boolean;
  /** Whether it was done, or is kept and will be. */
  run(): Promise<boolean>;
}

/** Whether no sheet is open: keys belong to the sheet while one is. */
export function isFree(): boolean {
  return document.querySelector("[role=dialog],[role=alertdialog]") === null;
}

/** Whether Enter is free: on a button or a field it does what that says. */
function isEnterFree(): boolean {
  return !document.activeElement?.closest("button, a, select, input, textarea");
}

/** The actions that are offered on the screen now: one list, for keys, menus and the palette. */
export class Acts {
  offered = $state.raw<AnyAction[]>([]);

  constructor(readonly keyboard: Keyboard) {}

  /** Offers actions until the returned function is called; for an effect's body. */
  offer(...actions: AnyAction[]): () => void {
    const unbinds = actions.map((action) => this.#bind(action));
    untrack(() => {
      this.offered = [...this.offered, ...actions];
    });
    return () => {
      for (const unbind of unbinds) unbind?.();
      untrack(() => {
        this.offered = this.offered.filter((one) => !actions.includes(one));
      });
    };
  }

  #bind(action: AnyAction): (() => void) | undefined {
    if (!action.key) return undefined;
    const isMeant = () => isFree() && (action.key !== "Enter" || isEnterFree()) && action.isAllowed;
    return this.keyboard.bind(action.id, action.key, () => alone(action.run()), isMeant);
  }
}
