import type { MenuView } from "$generated/vocabulary";
import { Problem } from "$lib/api";
import type { Fact } from "$lib/outbox";

/** The menu as this phone keeps it, to open with no network. */
export interface KeptMenu {
  etag: string;
  view: MenuView;
}

const TIMEOUT_MS = 15_000;

/**
 * The menu in force, or null when the kept one still is.
 *
 * Throws Problem: `menu_missing` while the venue has published none, `unreachable` when nobody answered.
 */
export async function fetchMenu(kept: KeptMenu | null, get: typeof fetch = fetch): Promise<KeptMenu | null> {
  let response: Response;
  let body: unknown = null;
  try {
    response = await get("/guest-api/menu", {
      headers: { accept: "application/json", ...(kept?.etag ? { "if-none-match": kept.etag } : {}) },
      cache: "no-store", // the browser would answer 200 from its cache where the edge said 304
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 304) return null;
    body = await response.json();
  } catch {
    throw new Problem(0, "unreachable");
  }
  if (response.ok) return { etag: response.headers.get("etag") ?? "", view: body as MenuView };
  const refusal = body as { code?: string; facts?: Record<string, Fact> } | null;
  throw new Problem(response.status, refusal?.code ?? "failed", refusal?.facts ?? {});
}
