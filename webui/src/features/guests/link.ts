export type LinkFace = "live" | "stale" | "no_edge";

const STALE_MS = 20_000;
const LOST_MS = 35_000;

/** What the link mark shows, by how long the edge has been silent. A phone that knows it has no network says so at once. */
export function linkFace(silentMs: number, isOnline: boolean): LinkFace {
  if (!isOnline || silentMs > LOST_MS) return "no_edge";
  return silentMs > STALE_MS ? "stale" : "live";
}
