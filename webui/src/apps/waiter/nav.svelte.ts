import { createContext } from "svelte";

export type Tab = "queue" | "tables" | "search" | "me";

export type Place =
  | { screen: "table"; tableId: string; checkId: string | null }
  | { screen: "order"; tableId: string; checkId: string | null }
  | { screen: "draft"; draftId: string }
  | { screen: "charge"; checkId: string }
  | { screen: "closed"; checkId: string }
  | { screen: "tray" };

/** What an entry of the browser's history holds. */
interface Step {
  who: string;
  tab: Tab;
  trail: Place[];
}

const SHEETS = '[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"]';

/**
 * Where this person is: a tab, and what is open over it (beside it on a tablet). Each step is one of the browser's, so
 * that the phone's own back button closes what is open, and a reload comes back to it.
 */
export class Nav {
  tab = $state<Tab>("queue");
  trail = $state.raw<Place[]>([]);
  /** What is open stands beside the tab, not over it. */
  isWide = $state(false);
  /** How deep the browser's own entry is. */
  #depth = 0;
  /** The browser was asked to move and has not arrived: nothing may be written until it has. */
  #isMoving = false;

  constructor(readonly who: string) {}

  get place(): Place | null {
    return this.trail.at(-1) ?? null;
  }

  /** Follows the browser's history, from where this person was before a reload; returns a way to stop. */
  start(): () => void {
    const kept = history.state as Step | null;
    if (kept?.who === this.who) this.#show(kept);
    this.#depth = depthOf(this);
    history.replaceState(this.#step, "");
    const moved = (event: PopStateEvent) => this.#moved(event.state as Step | null);
    globalThis.addEventListener("popstate", moved);
    return () => globalThis.removeEventListener("popstate", moved);
  }

  /** Opens something over what is open. */
  open(place: Place): void {
    this.#go({ tab: this.tab, trail: [...this.trail, place] });
  }

  /** Opens something in the place of all that is open. */
  show(place: Place): void {
    this.#go({ tab: this.tab, trail: [place] });
  }

  back(): void {
    if (this.trail.length > 0) this.#go({ tab: this.tab, trail: this.trail.slice(0, -1) });
  }

  go(tab: Tab): void {
    this.#go({ tab, trail: [] });
  }

  #go(next: Pick<Step, "tab" | "trail">): void {
    this.#show(next);
    this.#write();
  }

  /** Brings the browser's history to where this person is. */
  #write(): void {
    if (this.#isMoving) return;
    const by = depthOf(this) - this.#depth;
    if (by < 0) {
      this.#move(by);
      return;
    }
    this.#depth += by;
    if (by > 0) history.pushState(this.#step, "");
    else history.replaceState(this.#step, "");
  }

  /** The browser arrived: where it was asked to go, or where somebody pressing back sent it. */
  #moved(step: Step | null): void {
    if (this.#isMoving) {
      this.#isMoving = false;
      this.#write();
      return;
    }
    const next = step?.who === this.who ? step : { tab: "queue" as const, trail: [] };
    this.#depth = depthOf(next);
    const by = depthOf(this) - this.#depth;
    if (by > 0 && closeSheet()) {
      this.#move(by);
      return;
    }
    this.#show(next);
    history.replaceState(this.#step, ""); // what somebody left who was signed in before is not shown
  }

  #move(by: number): void {
    this.#isMoving = true;
    this.#depth += by;
    history.go(by);
  }

  #show({ tab, trail }: Pick<Step, "tab" | "trail">): void {
    this.tab = tab;
    this.trail = trail;
  }

  get #step(): Step {
    return { who: this.who, tab: this.tab, trail: this.trail };
  }
}

/** How many times back leads out: through what is open, then to the first tab. */
function depthOf({ tab, trail }: Pick<Step, "tab" | "trail">): number {
  return trail.length + (tab === "queue" ? 0 : 1);
}

/** Back closes a sheet before it leaves the screen under it. False when there is none. */
function closeSheet(): boolean {
  const sheet = [...document.querySelectorAll(SHEETS)].at(-1);
  sheet?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  return sheet !== undefined;
}

export const [getNav, provideNav] = createContext<Nav>();
