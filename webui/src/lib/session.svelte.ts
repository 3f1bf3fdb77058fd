import type { SignedIn } from "$generated/vocabulary";
import type { Database } from "./database";

/** What pairing gave this device. */
export interface Device {
  id: string;
  token: string;
  role: string;
  name: string;
  /** Of a kitchen screen: the station it was paired for. */
  station_id?: string;
}

/** Who works on this device now. `session` travels with each command. */
export type Person = SignedIn;

/** Whose device it is while it is locked: it rings for them still, and asks for their PIN first. */
export type LastPerson = Pick<Person, "staff_id" | "name" | "role">;

/** The device's key and the person signed in on it. A locked device keeps its key, its views and its outbox. */
export class Session {
  device = $state.raw<Device | null>(null);
  person = $state.raw<Person | null>(null);
  /** Who worked here last; whoever is there now, while somebody is. */
  last = $state.raw<LastPerson | null>(null);
  /** What this device may do with nobody signed in: a kitchen screen's permissions. */
  devicePermissions = $state.raw<string[]>([]);

  readonly #db: Database;
  readonly #onpaired: () => void;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lockAfterMs = 0;

  constructor(db: Database, onpaired: () => void = () => {}) {
    this.#db = db;
    this.#onpaired = onpaired;
  }

  get isPaired(): boolean {
    return this.device !== null;
  }

  get isLocked(): boolean {
    return this.person === null;
  }

  may(permission: string | undefined): boolean {
    if (!permission) return true;
    return this.devicePermissions.includes(permission) || (this.person?.permissions.includes(permission) ?? false);
  }

  async restore(): Promise<void> {
    this.device = ((await this.#db.get("keys", "device")) as Device | undefined) ?? null;
    this.person = ((await this.#db.get("keys", "person")) as Person | undefined) ?? null;
    this.last = ((await this.#db.get("keys", "last_person")) as LastPerson | undefined) ?? this.person;
  }

  async pair(device: Device): Promise<void> {
    await this.#db.put("keys", { ...device }, "device");
    this.device = device;
    this.#onpaired();
  }

  /** Forgets the key and the person; the outbox stays until a person decides. */
  async unpair(): Promise<void> {
    await this.lock();
    this.last = null;
    await this.#db.delete("keys", "last_person");
    await this.#db.delete("keys", "device");
    this.device = null;
  }

  async unlock(person: Person): Promise<void> {
    await this.#db.put("keys", { ...person, permissions: [...person.permissions] }, "person");
    const { staff_id, name, role } = person;
    await this.#db.put("keys", { staff_id, name, role }, "last_person");
    this.person = person;
    this.last = { staff_id, name, role };
    this.touch();
  }

  async lock(): Promise<void> {
    clearTimeout(this.#idle);
    this.person = null;
    await this.#db.delete("keys", "person");
  }

  /** Locks after this long without a touch; 0 never locks. */
  lockAfter(ms: number): void {
    this.#lockAfterMs = ms;
    this.touch();
  }

  /** A person touched the screen. */
  readonly touch = (): void => {
    clearTimeout(this.#idle);
    if (this.#lockAfterMs > 0 && this.person) this.#idle = setTimeout(() => void this.lock(), this.#lockAfterMs);
  };
}
