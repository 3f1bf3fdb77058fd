import type { Shelf } from "./shelf";

/** Half-made work kept on the device: unsent lines of a table, a count, a note. Keys such as `lines:<staff>:<table>`. */
export class Work {
  constructor(private readonly shelf: Shelf) {}

  /** Keeps a plain value; a value with Svelte state in it must be `$state.snapshot` first. */
  async keep(key: string, value: unknown): Promise<void> {
    await this.shelf.write({ store: "work", key, value });
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    return this.shelf.get("work", key) as Value | undefined;
  }

  async drop(key: string): Promise<void> {
    await this.shelf.write({ store: "work", key });
  }

  /** What is kept under keys that begin with `prefix`. */
  async under<Value>(prefix: string): Promise<[string, Value][]> {
    const found = this.shelf.entries("work").filter(([key]) => key.startsWith(prefix));
    return found as [string, Value][];
  }
}
