import { createContext } from "svelte";

/** Where one is: a page by its name in the address, so that back, a reload and a bookmark lead there. */
export class Nav {
  name = $state("");
  readonly #first: string;

  constructor(first: string) {
    this.#first = first;
    this.name = this.#named;
  }

  /** Follows the browser's own back and forward; returns a way to stop. */
  start(): () => void {
    const moved = () => {
      this.name = this.#named;
    };
    globalThis.addEventListener("popstate", moved);
    return () => globalThis.removeEventListener("popstate", moved);
  }

  go(name: string): void {
    if (name === this.name) return;
    history.pushState(null, "", `#${name}`);
    this.name = name;
  }

  get #named(): string {
    return location.hash.slice(1) || this.#first;
  }
}

export const [getNav, provideNav] = createContext<Nav>();
