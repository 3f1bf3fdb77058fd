import { createContext } from "svelte";

export type ScreenName = "menu" | "order" | "bill";
export type SheetName = "" | "dish" | "call" | "ask_bill";

/** Where the guest is. Each step is one of the browser's, so that the phone's own back button closes a sheet. */
export interface Place {
  screen: ScreenName;
  sheet: SheetName;
  itemId: string;
  /** The cart's line that the dish sheet edits; "" for a new one. */
  lineId: string;
  /** The sheet opens at what is still to be chosen. */
  isAsking: boolean;
}

const START: Place = { screen: "menu", sheet: "", itemId: "", lineId: "", isAsking: false };

export class Nav {
  place = $state.raw<Place>(START);
  #menuAt = 0;
  #menuFocus: Element | null = null;

  /** Follows the browser's history; returns a way to stop. */
  start(): () => void {
    history.replaceState(START, "");
    const moved = (event: PopStateEvent) => this.#show({ ...START, ...(event.state as Place | null) });
    globalThis.addEventListener("popstate", moved);
    return () => globalThis.removeEventListener("popstate", moved);
  }

  go(screen: ScreenName): void {
    if (screen !== this.place.screen) this.#push({ ...START, screen });
  }

  openDish(itemId: string, { lineId = "", isAsking = false } = {}): void {
    this.#push({ ...START, screen: this.place.screen, sheet: "dish", itemId, lineId, isAsking });
  }

  open(sheet: SheetName): void {
    this.#push({ ...START, screen: this.place.screen, sheet });
  }

  /** Another sheet in place of the one that is open: back closes it, and does not go through both. */
  swap(sheet: SheetName): void {
    const place = { ...this.place, sheet };
    history.replaceState(place, "");
    this.#show(place);
  }

  /** Closes the sheet that is open. Doing it twice does it once: the browser tells a moment later. */
  closeSheet(): void {
    if (this.place.sheet === "") return;
    this.#show({ ...this.place, sheet: "" });
    history.back();
  }

  /** To the menu, wherever the guest came from. */
  toMenu(): void {
    this.go("menu");
  }

  #push(place: Place): void {
    history.pushState(place, "");
    this.#show(place);
  }

  #show(place: Place): void {
    const from = this.place.screen;
    if (from === "menu" && place.screen !== "menu") {
      this.#menuAt = globalThis.scrollY;
      this.#menuFocus = document.activeElement;
    }
    this.place = place;
    if (from === place.screen) return;
    const isMenu = place.screen === "menu";
    requestAnimationFrame(() => {
      globalThis.scrollTo({ top: isMenu ? this.#menuAt : 0, behavior: "instant" });
      if (isMenu && this.#menuFocus instanceof HTMLElement) this.#menuFocus.focus({ preventScroll: true });
    });
  }
}

/** `provideNav(nav)` in the root component; `getNav()` below it. */
export const [getNav, provideNav] = createContext<Nav>();
