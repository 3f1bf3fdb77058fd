/** A key as people and files write it: `F8`, `Escape`, `ctrl+k`, `ctrl+shift+z`, `/`, `1`, or a learnt `code:Numpad7`. */
export type Combo = string;

interface Binding {
  id: string;
  preset: Combo;
  run: (event: KeyboardEvent) => void;
  when?: () => boolean;
}

export interface KeyboardSettings {
  /** Keys a person chose instead of the presets, by binding id; an empty text switches one off. */
  chosen?: Record<string, Combo> | undefined;
  /** The same key within this time is a bounce of a bump bar, not a second wish. */
  debounceMs?: number;
  now?: () => number;
}

const TYPED = /^(input|textarea|select)$/i;

/** Shortcuts of one application. Repeats of a held key are ignored; a later binding of the same key goes first. */
export class Keyboard {
  readonly #bindings: Binding[] = [];
  readonly #pressed = new Map<string, number>();
  readonly #debounceMs: number;
  readonly #now: () => number;
  /** Told which keys are chosen when a person changes one, to keep them. */
  onchosen: (chosen: Record<string, Combo>) => void = () => {};
  #chosen: Record<string, Combo>;
  #learning: ((combo: Combo) => void) | null = null;

  constructor({ chosen = {}, debounceMs = 0, now = Date.now }: KeyboardSettings = {}) {
    this.#chosen = { ...chosen };
    this.#debounceMs = debounceMs;
    this.#now = now;
  }

  /** Listens on the whole window; returns a function that stops. */
  listen(target: Window = window): () => void {
    target.addEventListener("keydown", this.press);
    return () => target.removeEventListener("keydown", this.press);
  }

  /** Binds a key to an act for as long as the returned function is not called. */
  bind(id: string, preset: Combo, run: (event: KeyboardEvent) => void, when?: () => boolean): () => void {
    const binding: Binding = { id, preset, run, ...(when ? { when } : {}) };
    this.#bindings.push(binding);
    return () => {
      const place = this.#bindings.indexOf(binding);
      if (place >= 0) this.#bindings.splice(place, 1);
    };
  }

  /** The key that does this now, for a label on a button. */
  keyOf(id: string, preset: Combo): Combo {
    return this.#chosen[id] ?? preset;
  }

  /** Gives a binding another key from now on. */
  choose(id: string, combo: Combo): void {
    this.#chosen = { ...this.#chosen, [id]: combo };
    this.onchosen(this.#chosen);
  }

  /** Waits for one key and gives its `code:` name, so that any bump bar can be taught. */
  learn(): Promise<Combo> {
    return new Promise((resolve) => {
      this.#learning = resolve;
    });
  }

  /** The person thought better of it: keys act again. */
  stopLearning(): void {
    this.#learning = null;
  }

  readonly press = (event: KeyboardEvent): void => {
    if (event.repeat || event.isComposing || event.defaultPrevented) return; // an open sheet has taken it
    const code = event.code || event.key;
    if (this.#learning) {
      event.preventDefault();
      this.#learning(`code:${code}`);
      this.#learning = null;
      return;
    }
    const at = this.#now();
    if (at - (this.#pressed.get(code) ?? Number.NEGATIVE_INFINITY) < this.#debounceMs) {
      event.preventDefault();
      return;
    }
    const names = namesOf(event);
    if (isTyping(event) && !names.some(worksWhileTyping)) return;
    for (const binding of [...this.#bindings].reverse()) {
      if (!names.includes(this.keyOf(binding.id, binding.preset)) || binding.when?.() === false) continue;
      event.preventDefault();
      this.#pressed.set(code, at);
      binding.run(event);
      return;
    }
  };
}

/** How a key is written on a button: `F8`, `Esc`, `Ctrl K`. */
export function showCombo(combo: Combo): string {
  const bare = combo.replace(/^code:(Key|Digit|Numpad)?/, "");
  const known: Record<string, string> = {
    Escape: "Esc",
    Enter: "↵",
    Backspace: "⌫",
    " ": "␣",
    Delete: "Supr",
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
  };
  return (
    known[bare] ??
    bare.replace(/^ctrl\+(shift\+)?(.)/, (_, shift, key) => `Ctrl ${shift ? "⇧ " : ""}${key.toUpperCase()}`)
  );
}

function namesOf(event: KeyboardEvent): string[] {
  const hasCtrl = event.ctrlKey || event.metaKey;
  const shift = hasCtrl && event.shiftKey; // without Ctrl it is in the sign already: `?`, `A`
  const prefix = `${hasCtrl ? "ctrl+" : ""}${shift ? "shift+" : ""}${event.altKey ? "alt+" : ""}`;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return [`${prefix}${key}`, `code:${prefix}${event.code}`];
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return !!target && (TYPED.test(target.tagName ?? "") || target.isContentEditable === true);
}

function worksWhileTyping(name: string): boolean {
  return /^(F\d{1,2}|Escape|ctrl\+.+)$/.test(name);
}
