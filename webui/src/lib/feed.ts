import { backoff } from "./backoff";

export type Change = [kind: string, key: string, view: unknown];

export type Frame =
  | { type: "snapshot"; seq: number; views: Change[] }
  | { type: "views"; seq: number; changes: Change[] }
  | { type: "beat"; seq: number; now_ms: number; internet: boolean }
  | { type: "bye"; code: "revoked" | "stopping" | "unpaired" };

export const STALE_AFTER_MS = 20_000;
export const LOST_AFTER_MS = 35_000;

/** What the header's mark says of the link, worst first. */
export type Face = "unpaired" | "no_edge" | "stale" | "no_internet" | "live";

export interface Link {
  face: Face;
  /** How long the edge has been silent. */
  silentMs: number;
  internet: boolean;
  /** Why the edge sent us away, if it did. */
  code: string | null;
}

export interface FeedSettings {
  token: () => string | null;
  cursor: () => number | null;
  /** The kinds of view this application shows; null for all that its role may see. */
  kinds: string[] | null;
  /** Takes a frame with views in it; called in order. */
  apply: (frame: Extract<Frame, { type: "snapshot" | "views" }>) => void;
  /** Told how far the edge has come when there was nothing of ours in it. */
  onbeat?: (seq: number) => void;
  url?: string;
  socket?: (url: string) => WebSocket;
  chance?: () => number;
  now?: () => number;
}

const CONNECT_TIMEOUT_MS = 5000;
const TICK_MS = 1000;
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
  #internet = true;
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
      face: faceOf({ silentMs, internet: this.#internet, code: this.#code }),
      silentMs,
      internet: this.#internet,
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
      const { cursor, kinds } = this.#settings;
      socket.send(JSON.stringify({ type: "hello", token, cursor: cursor(), kinds }));
    };
    socket.onmessage = (message) => this.#hear(socket, message.data as string);
    socket.onclose = () => this.#again(socket);
  }

  #hear(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#opening);
    const frame = JSON.parse(text) as Frame;
    this.#heardAt = this.#now();
    this.#attempts = 0;
    if (frame.type === "beat") {
      this.#internet = frame.internet;
      this.#settings.onbeat?.(frame.seq);
      this.#learnClock(frame.now_ms);
    } else if (frame.type === "bye") {
      this.#sentAway(frame.code);
    } else {
      this.#settings.apply(frame);
    }
    this.#tell();
  }

  #sentAway(code: "revoked" | "stopping" | "unpaired"): void {
    if (code === "stopping") return;
    this.#code = code;
    this.stop();
  }

  /** The least delayed of the last beats is the closest to the truth: delay only ever makes the offset smaller. */
  #learnClock(serverMs: number): void {
    this.#offsets = [...this.#offsets, serverMs - this.#now()].slice(-12);
    this.#offset = Math.max(...this.#offsets);
  }

  #again(socket: WebSocket): void {
    if (socket !== this.#socket || !this.#running) return;
    this.#drop();
    this.#retry = setTimeout(() => this.#open(), backoff(this.#attempts++, (this.#settings.chance ?? Math.random)()));
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

/** Which face the link mark shows: UX section 3. */
export function faceOf({
  silentMs,
  internet,
  code,
}: {
  silentMs: number;
  internet: boolean;
  code: string | null;
}): Face {
  if (code) return "unpaired";
  if (silentMs > LOST_AFTER_MS) return "no_edge";
  if (silentMs > STALE_AFTER_MS) return "stale";
  return internet ? "live" : "no_internet";
}

function defaultUrl(): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/feed`;
}
