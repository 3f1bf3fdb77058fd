import type { Database } from "./database";

/** Half-made work kept on the device: unsent lines of a table, a count, a note. Keys such as `lines:<staff>:<table>`. */
export class Work {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Keeps a plain value; a value with Svelte state in it must be `$state.snapshot` first. */
  keep(key: string, value: unknown): Promise<unknown> {
    return this.#db.put("work", value, key);
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    return (await this.#db.get("work", key)) as Value | undefined;
  }

  drop(key: string): Promise<void> {
    return this.#db.delete("work", key);
  }

  /** What is kept under keys that begin with `prefix`. */
  async under<Value>(prefix: string): Promise<[string, Value][]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, values] = await Promise.all([this.#db.getAllKeys("work", range), this.#db.getAll("work", range)]);
    return keys.map((key, index) => [key, values[index] as Value]);
  }
}
