import type { SignedIn } from "$generated/vocabulary";
import { alone } from "./alone";
import type { Change, Shelf } from "./shelf";

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

/** What was asked and typed here for the venue that this device belonged to before. */
export interface Left {
  /** What the device was called there. */
  name: string;
  at_ms: number;
}

/** Whose request it is, where it is no command: the device's key, and the session of who works on it. */
export function whoAsks({ device, person }: Pick<Session, "device" | "person">): {
  token: string;
  headers: Record<string, string>;
} {
  return { token: device?.token ?? "", headers: { "x-staff-session": person?.session ?? "" } };
}

export interface SessionSettings {
  /** It belongs to a venue now. */
  onpaired?: () => void;
  /** The venue it belonged to is no longer its own: nothing of that is to be seen. */
  onleft?: () => Promise<void>;
  /** A person has said what becomes of what was left. */
  onsettled?: () => void;
}

/** The device's key and the person signed in on it. A locked device keeps its key, its views and its outbox. */
export class Session {
  device = $state.raw<Device | null>(null);
  person = $state.raw<Person | null>(null);
  /** Who worked here last; whoever is there now, while somebody is. */
  last = $state.raw<LastPerson | null>(null);
  /** What this device may do with nobody signed in: a kitchen screen's permissions. */
  devicePermissions = $state.raw<string[]>([]);

  /** What waits from before this device was paired anew, until a person decides. */
  left = $state.raw<Left | null>(null);

  readonly #shelf: Shelf;
  readonly #settings: SessionSettings;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lockAfterMs = 0;

  constructor(shelf: Shelf, settings: SessionSettings = {}) {
    this.#shelf = shelf;
    this.#settings = settings;
    this.device = (shelf.get("keys", "device") as Device | undefined) ?? null;
    this.person = (shelf.get("keys", "person") as Person | undefined) ?? null;
    this.last = (shelf.get("keys", "last_person") as LastPerson | undefined) ?? this.person;
    this.left = (shelf.get("keys", "left") as Left | undefined) ?? null;
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

  async pair(device: Device): Promise<void> {
    await this.#leave();
    await this.#shelf.write({ store: "keys", key: "device", value: { ...device } });
    this.device = device;
    this.#settings.onpaired?.();
  }

  /** Forgets the key, the person and what the venue showed; what waits here stays until a person decides. */
  async unpair(): Promise<void> {
    await this.#leave();
    await this.#shelf.write({ store: "keys", key: "device" });
    this.device = null;
  }

  /** What was left goes to the venue that this device belongs to now, or nowhere. */
  async settleLeft({ isKept }: { isKept: boolean }): Promise<void> {
    const gone: Change[] = [{ store: "keys", key: "left" }];
    if (!isKept) {
      for (const store of ["outbox", "tray", "doubt"] as const)
        for (const [key] of this.#shelf.entries(store)) gone.push({ store, key } as Change);
      for (const [key] of this.#shelf.entries("work")) if (this.#shelf.isTyped(key)) gone.push({ store: "work", key });
    }
    await this.#shelf.write(...gone);
    this.left = null;
    this.#settings.onsettled?.();
  }

  async unlock(person: Person): Promise<void> {
    const { staff_id, name, role } = person;
    const last = { staff_id, name, role };
    await this.#shelf.write(
      { store: "keys", key: "person", value: { ...person, permissions: [...person.permissions] } },
      { store: "keys", key: "last_person", value: last },
    );
    this.person = person;
    this.last = last;
    this.touch();
  }

  async lock(): Promise<void> {
    clearTimeout(this.#idle);
    this.person = null;
    await this.#shelf.write({ store: "keys", key: "person" });
  }

  /** Locks after this long without a touch; 0 never locks. */
  lockAfter(ms: number): void {
    this.#lockAfterMs = ms;
    this.touch();
  }

  /** A person touched the screen. */
  readonly touch = (): void => {
    clearTimeout(this.#idle);
    if (this.#lockAfterMs > 0 && this.person) this.#idle = setTimeout(() => alone(this.lock()), this.#lockAfterMs);
  };

  /** Nothing of a venue stays but what people asked and typed: that waits for a person to decide. */
  async #leave(): Promise<void> {
    await this.lock();
    this.last = null;
    const settings = this.#shelf.entries("work").flatMap(([key]) => (this.#shelf.isTyped(key) ? [] : [key]));
    const waits =
      this.#shelf.typedCount +
      (["outbox", "tray", "doubt"] as const).reduce((sum, store) => sum + this.#shelf.count(store), 0);
    if (waits > 0) this.left ??= { name: this.device?.name ?? "", at_ms: Date.now() };
    await this.#shelf.write(
      { store: "keys", key: "last_person" },
      ...settings.map((key): Change => ({ store: "work", key })),
      ...(this.left ? [{ store: "keys", key: "left", value: { ...this.left } } as Change] : []),
    );
    await this.#settings.onleft?.();
  }
}
