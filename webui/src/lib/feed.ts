import {
  type BeatFrame,
  type EdgeFrame,
  ENDING_BYES,
  type HelloFrame,
  type HereFrame,
  type HubLink,
  type SnapshotFrame,
  type ViewsFrame,
} from "$generated/vocabulary";
import { backoff } from "./backoff";

/** Where this device stands in the edge's log, and what its views are of: opaque, and given back as it came. */
export interface Cursor {
  seq: number;
  of: string;
}

export const STALE_AFTER_MS = 20_000;
export const LOST_AFTER_MS = 35_000;

/** What the header's mark says of the link, worst first. */
export type Face = "unpaired" | "no_edge" | "stale" | "stuck" | "refused" | "no_internet" | "hub_away" | "live";

export interface Link {
  face: Face;
  /** How long the edge has been silent. */
  silentMs: number;
  /** How the edge stands with its hub. */
  hub: HubLink;
  /** Since when, by the edge's clock, something this application shows is not brought up to date; 0 for nothing. */
  stuckSinceMs: number;
  /** Why the edge sent us away, if it did. */
  code: string | null;
}

/** A link of which nothing bad is known. */
export const NEW_LINK: Link = {
  face: "live",
  silentMs: 0,
  hub: { state: "off", why: "", since_ms: 0, waiting: 0 },
  stuckSinceMs: 0,
  code: null,
};

export interface FeedSettings {
  token: () => string | null;
  cursor: () => Cursor | null;
  /** The kinds of view this application shows; null for all that its role may see. */
  kinds: string[] | null;
  /** Takes a frame with views in it; called in order. */
  apply: (frame: SnapshotFrame | ViewsFrame) => void;
  /** Which station's tickets are on this screen, told with each word that somebody can see it; `all` for every one's. */
  shows?: () => string;
  /** Told how far the edge has come when there was nothing of ours in it. */
  onbeat?: (cursor: Cursor) => void;
  url?: string;
  socket?: (url: string) => WebSocket;
  chance?: () => number;
  now?: () => number;
}

const CONNECT_TIMEOUT_MS = 5000;
const TICK_MS = 1000;
/** The longest wait between two tries. The edge is in the house: a restart must not cost a screen more than itself. */
const LONGEST_WAIT_MS = 2000;
/** After a screen wakes, a link this silent has missed a beat and is opened anew rather than trusted. */
const DOUBTFUL_MS = 7000;
/** An application that has just started may look live this long before its first frame, no longer. */
const GRACE_MS = 3000;

/** One WebSocket to the edge: resumes where the kept cursor stands, knows how long the edge has been silent. */
export class Feed {
  readonly #settings: FeedSettings;
  readonly #listeners = new Set<(link: Link) => void>();
  #socket: WebSocket | null = null;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #heardAt: number;
  #hub: HubLink = NEW_LINK.hub;
  #stuckSinceMs = 0;
  #code: string | null = null;
  #offsets: number[] = [];
  #offset = 0;
  #running = false;

  constructor(settings: FeedSettings) {
    this.#settings = settings;
    this.#heardAt = this.#now();
  }

  get link(): Link {
    const silentMs = Math.max(0, this.#now() - this.#heardAt);
    return {
      face: faceOf({ silentMs, hub: this.#hub, stuckSinceMs: this.#stuckSinceMs, code: this.#code }),
      silentMs,
      hub: this.#hub,
      stuckSinceMs: this.#stuckSinceMs,
      code: this.#code,
    };
  }

  /** The edge's clock, as well as we know it. */
  serverNow(): number {
    return this.#now() + this.#offset;
  }

  subscribe(listener: (link: Link) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#code = null;
    this.#heardAt = this.#now() - STALE_AFTER_MS + GRACE_MS;
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    globalThis.document?.addEventListener("visibilitychange", this.#woke);
    globalThis.addEventListener?.("pageshow", this.#woke);
    globalThis.addEventListener?.("online", this.#woke);
    this.#open();
  }

  stop(): void {
    this.#running = false;
    clearInterval(this.#ticker);
    clearTimeout(this.#retry);
    clearTimeout(this.#opening);
    globalThis.document?.removeEventListener("visibilitychange", this.#woke);
    globalThis.removeEventListener?.("pageshow", this.#woke);
    globalThis.removeEventListener?.("online", this.#woke);
    this.#drop();
  }

  #open(): void {
    clearTimeout(this.#retry);
    this.#drop();
    const token = this.#settings.token();
    if (!this.#running || !token) return;
    const socket = (this.#settings.socket ?? ((url) => new WebSocket(url)))(this.#settings.url ?? defaultUrl());
    this.#socket = socket;
    this.#opening = setTimeout(() => this.#again(socket), CONNECT_TIMEOUT_MS);
    socket.onopen = () => {
      const cursor = this.#settings.cursor();
      const { kinds } = this.#settings;
      const hello: HelloFrame = { type: "hello", token, cursor: cursor?.seq ?? null, kinds, of: cursor?.of ?? "" };
      socket.send(JSON.stringify(hello));
      this.sayHere();
    };
    socket.onmessage = (message) => this.#hear(socket, message.data as string);
    socket.onclose = () => this.#again(socket);
  }

  #hear(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#opening);
    const frame = JSON.parse(text) as EdgeFrame;
    this.#heardAt = this.#now();
    if (frame.type === "bye") {
      this.#sentAway(socket, frame.code);
    } else {
      this.#attempts = 0;
      if (frame.type === "beat") this.#beat(frame);
      else this.#settings.apply(frame);
    }
    this.#tell();
  }

  /** Tells the edge that somebody can see this screen: one that falls silent is asleep, and its alarms go to others. */
  readonly sayHere = (): void => {
    if (globalThis.document?.visibilityState === "hidden" || this.#socket?.readyState !== 1) return;
    const here: HereFrame = { type: "here", shows: this.#settings.shows?.() ?? "" };
    this.#socket.send(JSON.stringify(here));
  };

  #beat(beat: BeatFrame): void {
    this.#hub = beat.hub;
    this.#stuckSinceMs = beat.stuck_since_ms;
    this.#settings.onbeat?.({ seq: beat.seq, of: beat.of });
    this.#learnClock(beat.now_ms);
    this.sayHere();
  }

  /** Only a device that is none of this venue's stays away. A word that this release does not know means: come back. */
  #sentAway(socket: WebSocket, code: string): void {
    if (ENDING_BYES.includes(code)) {
      this.#code = code;
      this.stop();
    } else this.#again(socket);
  }

  /** The least delayed of the last beats is the closest to the truth: delay only ever makes the offset smaller. */
  #learnClock(serverMs: number): void {
    this.#offsets = [...this.#offsets, serverMs - this.#now()].slice(-12);
    this.#offset = Math.max(...this.#offsets);
  }

  #again(socket: WebSocket): void {
    if (socket !== this.#socket || !this.#running) return;
    this.#drop();
    const chance = (this.#settings.chance ?? Math.random)();
    const waitMs = backoff(this.#attempts++, chance, { capMs: LONGEST_WAIT_MS });
    this.#retry = setTimeout(() => this.#open(), waitMs);
    this.#tell();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#opening);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #tick(): void {
    const silent = this.#now() - this.#heardAt;
    if (this.#socket?.readyState === 1 && silent > STALE_AFTER_MS) this.#again(this.#socket);
    this.#tell();
  }

  readonly #woke = (): void => {
    if (globalThis.document?.visibilityState === "hidden") return;
    this.sayHere();
    if (this.#now() - this.#heardAt < DOUBTFUL_MS && this.#socket?.readyState === 1) return;
    this.#attempts = 0;
    this.#open();
  };

  #tell(): void {
    const link = this.link;
    for (const listener of this.#listeners) listener(link);
  }

  #now(): number {
    return (this.#settings.now ?? Date.now)();
  }
}

const HUB_FACES: Record<HubLink["state"], Face> = {
  off: "live",
  well: "live",
  no_internet: "no_internet",
  away: "hub_away",
  refused: "refused",
};

/** Which face the link mark shows: UX section 3. */
export function faceOf({ silentMs, hub, stuckSinceMs, code }: Omit<Link, "face">): Face {
  if (code) return "unpaired";
  if (silentMs > LOST_AFTER_MS) return "no_edge";
  if (silentMs > STALE_AFTER_MS) return "stale";
  if (stuckSinceMs > 0) return "stuck";
  return HUB_FACES[hub.state];
}

function defaultUrl(): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/feed`;
}
