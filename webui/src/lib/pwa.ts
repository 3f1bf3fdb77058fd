export interface UpdateSettings {
  app: string;
  /** Whether nothing would be lost: outbox empty, no editor open, nobody working. */
  isIdle: () => boolean;
  /** Told when a new version waits, so that a menu can offer *Actualizar*. */
  onwaiting?: () => void;
}

const LOOK_EVERY_MS = 60_000;
const STARTING_MS = 5000;

/**
 * Registers the service worker that lets the application open with no network.
 *
 * A new version installs silently and waits. It takes over in the first seconds after a start, while idle, or when a
 * person asks with the returned function; never under somebody's hands.
 */
export function startPwa({ app, isIdle, onwaiting }: UpdateSettings): () => void {
  const startedAt = performance.now();
  let waiting: ServiceWorker | null = null;
  let reloaded = false;
  const workers = globalThis.navigator?.serviceWorker;
  if (!workers || import.meta.env.DEV) return () => {};
  const hadWorker = !!workers.controller;

  const apply = () => waiting?.postMessage({ type: "SKIP_WAITING" });
  const consider = () => {
    if (waiting && isIdle()) apply();
  };
  const found = (worker: ServiceWorker | null) => {
    if (!worker || !hadWorker) return;
    waiting = worker;
    onwaiting?.();
    if (performance.now() - startedAt < STARTING_MS) consider();
  };

  workers.addEventListener("controllerchange", () => {
    if (!hadWorker || reloaded) return;
    reloaded = true;
    location.reload();
  });
  void workers
    .register(`/${app}/sw.js`, { scope: `/${app}/`, updateViaCache: "none" })
    .then((registration) => {
      found(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const next = registration.installing;
        next?.addEventListener("statechange", () => next.state === "installed" && found(registration.waiting ?? next));
      });
      setInterval(() => {
        consider();
        if (!waiting) void registration.update().catch(() => {});
      }, LOOK_EVERY_MS);
    })
    .catch(() => {}); // Without it the application works; it only cannot open with no network.
  return apply;
}

/** True after this long without a touch or a key. */
export function idleFor(ms: number): () => boolean {
  let last = Date.now();
  const touched = () => {
    last = Date.now();
  };
  for (const type of ["pointerdown", "keydown"])
    globalThis.addEventListener?.(type, touched, { passive: true, capture: true });
  return () => Date.now() - last >= ms;
}
