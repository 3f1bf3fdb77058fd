import { alone } from "./alone";

/** An application that this tab has to itself, until it gives it away. */
export interface Hold {
  /** Another tab has asked for it, or has taken it. */
  readonly given: Promise<void>;
  /** Lets others have it. Called when everything is kept. */
  release(): void;
}

export interface TabsSettings {
  /** Null where there are none: on plain http. */
  locks?: LockManager | null;
  /** How long a tab that is about to go, as after a reload, may take. */
  patienceMs?: number;
  /** How long the other tab may take to keep its things before it is taken from it. */
  handOverMs?: number;
}

type Word = { type: "who" | "mine" | "give" | "taken"; id: number };

const AGAIN_MS = 100;
const ANSWER_MS = 150;

/**
 * One tab at a time works with an application: what one knows the other does not, and a lock of one would leave the
 * other open. Web Locks keep them apart; where there are none the tabs ask each other.
 */
export class Tabs {
  readonly #id = Math.random();
  readonly #channel: BroadcastChannel;
  readonly #locks: LockManager | null;
  readonly #patienceMs: number;
  readonly #handOverMs: number;
  #give: (() => void) | null = null;
  #isClaiming = false;
  #isDenied = false;

  constructor(
    private readonly app: string,
    settings: TabsSettings = {},
  ) {
    const { locks = globalThis.navigator?.locks ?? null, patienceMs = 500, handOverMs = 3000 } = settings;
    this.#locks = locks;
    this.#patienceMs = patienceMs;
    this.#handOverMs = handOverMs;
    this.#channel = new BroadcastChannel(`hos-tab-${app}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data as Word);
  }

  /** Resolves once this tab has the application. `onbusy` is told that another has it, with a way to take it over. */
  async hold(onbusy: (takeOver: () => Promise<void>) => void): Promise<Hold> {
    const hold = await this.#takeWithin(this.#patienceMs);
    if (hold) return hold;
    return new Promise((resolve) => {
      const settle = (taken: Hold | null) => {
        if (!taken) return;
        globalThis.document?.removeEventListener("visibilitychange", seen);
        resolve(taken);
      };
      // Whoever closed the other tab and looks here goes on; who reloads it keeps it.
      const seen = () => document.visibilityState === "visible" && alone(this.#take().then(settle));
      globalThis.document?.addEventListener("visibilitychange", seen);
      onbusy(async () => settle(await this.#takeOver()));
    });
  }

  close(): void {
    this.#channel.close();
  }

  /** Asks the other tab to keep its things and let go; one that does not answer loses it. */
  async #takeOver(): Promise<Hold | null> {
    this.#say("give");
    return (await this.#takeWithin(this.#handOverMs)) ?? this.#take({ isForced: true });
  }

  async #takeWithin(ms: number): Promise<Hold | null> {
    const until = Date.now() + ms;
    for (;;) {
      const hold = await this.#take();
      if (hold || Date.now() >= until) return hold;
      await delay(AGAIN_MS);
    }
  }

  #take({ isForced = false } = {}): Promise<Hold | null> {
    return this.#locks ? this.#lock(this.#locks, isForced) : this.#ask(isForced);
  }

  #lock(locks: LockManager, isForced: boolean): Promise<Hold | null> {
    return new Promise((resolve, reject) => {
      const granted = (lock: Lock | null) => {
        if (!lock) return resolve(null);
        return new Promise<void>((released) => resolve(this.#made(released)));
      };
      locks
        .request(`hos-tab-${this.app}`, isForced ? { steal: true } : { ifAvailable: true }, granted)
        .catch((error: unknown) => (this.#give ? this.#give() : reject(error as Error)));
    });
  }

  async #ask(isForced: boolean): Promise<Hold | null> {
    if (isForced) {
      this.#say("taken");
      return this.#made();
    }
    this.#isDenied = false;
    this.#isClaiming = true;
    this.#say("who");
    await delay(ANSWER_MS);
    this.#isClaiming = false;
    return this.#isDenied ? null : this.#made();
  }

  #made(released: () => void = () => {}): Hold {
    const given = new Promise<void>((resolve) => {
      this.#give = resolve;
    });
    const release = () => {
      this.#give = null;
      released();
    };
    return { given, release };
  }

  #hear({ type, id }: Word): void {
    // Of two that ask at once the one with the smaller number goes first.
    const isMine = this.#give !== null || (this.#isClaiming && this.#id < id);
    if (type === "who" && isMine) this.#say("mine");
    else if (type === "mine") this.#isDenied = true;
    else if (type === "give" || type === "taken") this.#give?.();
  }

  #say(type: Word["type"]): void {
    this.#channel.postMessage({ type, id: this.#id } satisfies Word);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
