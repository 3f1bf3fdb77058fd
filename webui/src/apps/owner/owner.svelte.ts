import { createContext } from "svelte";
import type { ReportBeat, SessionView, Today } from "$generated/vocabulary";
import { alone } from "$lib/alone";
import { Problem } from "$lib/api";
import { correctClock, now } from "$lib/clock.svelte";
import { followGuest, type GuestFrame } from "$lib/sse";
import { setZone } from "$lib/time";
import { ENTERED, forgetKept, hasEntered, type Kept, keepEntered, keepToday, keptToday } from "./kept";
import { hub } from "./reports";

const STALE_AFTER_MS = 20_000;
const LOST_AFTER_MS = 35_000;
const READ_AGAIN_MS = 60_000;
/** A busy hour rings many times a second; the figures are read once for all of it. */
const GATHER_MS = 1000;

export type Face = "live" | "stale" | "lost";

/** The owner's session and figures. It uses neither outbox nor feed: the hub only tells it when to read again. */
export class Owner {
  /** Undefined until the hub has said, or could not be asked. */
  session = $state.raw<SessionView | null | undefined>(undefined);
  today = $state.raw<Today | null>(null);
  /** It was signed in until the hub said otherwise: the screen to sign in again says so. */
  hasEnded = $state(false);
  who = $state.raw<{ name: string; tenantName: string } | null>(null);
  /** Empty for all. */
  venueId = $state("");
  #heardAtMs = $state(Date.now());
  #isLost = $state(false);
  #stop: (() => void) | null = null;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setInterval> | undefined;

  /** How long the hub has been silent, by this device's clock. */
  readonly silentMs = $derived.by(() => (now() > 0 ? Math.max(0, Date.now() - this.#heardAtMs) : 0));
  readonly face = $derived.by((): Face => {
    if (this.#isLost || this.silentMs > LOST_AFTER_MS) return "lost";
    return this.silentMs > STALE_AFTER_MS ? "stale" : "live";
  });
  /** The business day shown: every venue's own, named by the first. */
  readonly day = $derived(this.today?.venues[0]?.business_day ?? "");

  /** Shows what was kept, then asks who is signed in. */
  async start(): Promise<void> {
    this.#show(keptToday(this.venueId));
    // Whoever signs out on one tab has signed out on all of them.
    addEventListener("storage", ({ key, newValue }) => key === ENTERED && newValue === null && this.#left());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.session !== null) alone(this.#check());
    });
    if (hasEntered()) await this.#check();
    else this.session = null;
  }

  /** Throws Problem. */
  async signIn(email: string, password: string): Promise<void> {
    await this.#entered(await hub.signIn(email, password));
  }

  /** Throws Problem. */
  async signOut(): Promise<void> {
    if (this.session) await hub.signOut(this.session.csrf);
    this.#left();
  }

  async choose(venueId: string): Promise<void> {
    this.venueId = venueId;
    const kept = keptToday(venueId);
    if (kept) this.#show(kept);
    await this.read();
  }

  /** Reads the figures now; what was shown stays when the hub cannot be reached. */
  async read(): Promise<void> {
    const venueId = this.venueId;
    try {
      const today = await hub.today(venueId);
      if (venueId !== this.venueId) return;
      this.#isLost = false;
      this.#heard(today.now_ms);
      const who = this.who ?? { name: "", tenantName: "" };
      keepToday(venueId, { ...who, today });
      this.#show({ ...who, today });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Asks who is signed in, as after a wake or a broken stream. */
  async #check(): Promise<void> {
    try {
      await this.#entered(await hub.who());
    } catch (error) {
      this.#failed(error);
    }
  }

  async #entered(session: SessionView): Promise<void> {
    this.session = session;
    this.hasEnded = false;
    keepEntered();
    this.who = { name: session.name, tenantName: session.tenant_name };
    this.#isLost = false;
    this.#stop ??= this.#follow();
    await this.read();
  }

  #follow(): () => void {
    const stop = followGuest({
      url: "/api/live",
      types: ["venue", "beat"],
      onframe: (frame) => this.#hear(frame),
      onlink: (isOpen) => !isOpen && void this.#check(),
    });
    this.#again = setInterval(() => alone(this.read()), READ_AGAIN_MS);
    return stop;
  }

  #hear({ type, value }: GuestFrame): void {
    if (type === "beat") this.#heard((value as ReportBeat).now_ms);
    if (type !== "venue") return;
    this.#heardAtMs = Date.now();
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      alone(this.read());
    }, GATHER_MS);
  }

  #heard(hubMs: number): void {
    this.#heardAtMs = Date.now();
    const difference = hubMs - Date.now();
    correctClock(() => difference);
  }

  #show(kept: Kept | null): void {
    if (!kept) return;
    this.today = kept.today;
    this.who ??= { name: kept.name, tenantName: kept.tenantName };
    const zone = kept.today.venues[0]?.timezone;
    if (zone) setZone(zone);
  }

  #failed(error: unknown): void {
    const code = error instanceof Problem ? error.code : "failed";
    if (code === "needs_sign_in") {
      this.hasEnded = this.session !== undefined || this.who !== null;
      this.#left();
    } else if (code === "venue_unknown") alone(this.choose(""));
    else this.#isLost = true;
  }

  #left(): void {
    this.#stop?.();
    this.#stop = null;
    clearInterval(this.#again);
    clearTimeout(this.#gathering);
    forgetKept();
    this.session = this.today = this.who = null;
    this.venueId = "";
  }
}

export const [getOwner, provideOwner] = createContext<Owner>();
