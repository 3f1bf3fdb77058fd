/** A drawer of the browser's storage that holds one value as JSON. */
export interface Keeper<Value> {
  read(): Value | null;
  /** Whether it is kept: a browser that is full or private keeps nothing. */
  write(value: Value): boolean;
  /** Told when another tab wrote; returns a way to stop. */
  follow(onchange: (value: Value | null) => void): () => void;
}

/** Keeps a value under a key. A browser that keeps nothing (private, full) still works for as long as the page is open. */
export function keeperOf<Value>(key: string): Keeper<Value> {
  return {
    read: () => parse<Value>(stored(key)),
    write: (value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false; // the page goes on from memory; it only forgets when it is closed
      }
    },
    follow: (onchange) => {
      const changed = (event: StorageEvent) => {
        if (event.key === key) onchange(parse<Value>(event.newValue));
      };
      globalThis.addEventListener?.("storage", changed);
      return () => globalThis.removeEventListener?.("storage", changed);
    },
  };
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function parse<Value>(text: string | null): Value | null {
  try {
    return text ? (JSON.parse(text) as Value) : null;
  } catch {
    return null;
  }
}

/** Throws away what is kept under these keys. */
export function forget(...keys: string[]): void {
  for (const key of keys) localStorage.removeItem(key);
}
