import { alone } from "./alone";
import { backoff } from "./backoff";

export interface GuestFrame<Value = unknown> {
  type: string;
  value: Value;
}

export interface GuestFeedSettings {
  /** Where the stream is. Whoever comes back is told everything anew: there is nothing to resume. */
  url: string;
  /** Names of the events to follow, beside unnamed ones. */
  types: string[];
  onframe: (frame: GuestFrame) => void;
  onlink?: (isOpen: boolean) => void;
  source?: (url: string) => EventSource;
}

type Shared = { frame: GuestFrame } | { isOpen: boolean };

/**
 * Follows a guest's stream with one connection for the whole browser: over HTTP/1.1 it has only six for a site.
 * The tab that holds the lock listens and tells the others; when it closes another takes over.
 */
export function followGuest(settings: GuestFeedSettings): () => void {
  const name = `hos-sse-${settings.url}`;
  const stopped = new AbortController();
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  const take = (shared: Shared) => {
    if ("frame" in shared) settings.onframe(shared.frame);
    else settings.onlink?.(shared.isOpen);
  };
  const share = (shared: Shared) => {
    channel?.postMessage(shared);
    take(shared);
  };
  if (channel) channel.onmessage = (message) => take(message.data as Shared);
  const lead = () => listen(settings, { share, signal: stopped.signal });
  const locks = globalThis.navigator?.locks;
  alone(locks ? locks.request(name, { signal: stopped.signal }, lead).catch(() => {}) : lead());
  return () => {
    stopped.abort();
    channel?.close();
  };
}

interface Listening {
  share: (shared: Shared) => void;
  signal: AbortSignal;
}

/** Listens until stopped. The browser reconnects by itself; a stream it gave up on is opened again here. */
function listen(settings: GuestFeedSettings, { share, signal }: Listening): Promise<void> {
  return new Promise((resolve) => {
    let attempts = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let source: EventSource | null = null;
    const open = () => {
      clearTimeout(timer);
      source = (settings.source ?? ((url) => new EventSource(url)))(settings.url);
      source.onopen = () => {
        attempts = 0;
        share({ isOpen: true });
      };
      source.onerror = () => {
        share({ isOpen: false });
        if (source?.readyState !== 2) return;
        source.close();
        timer = setTimeout(open, backoff(attempts++, Math.random()));
      };
      for (const type of ["message", ...settings.types]) {
        source.addEventListener(type, (event: MessageEvent<string>) => {
          share({
            frame: { type, value: event.data ? (JSON.parse(event.data) as unknown) : null },
          });
        });
      }
    };
    const woke = () => {
      if (globalThis.document?.visibilityState !== "hidden" && source?.readyState === 2) open();
    };
    globalThis.document?.addEventListener("visibilitychange", woke);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      source?.close();
      globalThis.document?.removeEventListener("visibilitychange", woke);
      resolve();
    });
    open();
  });
}
