import type { AttentionView } from "$generated/vocabulary";

export type Heat = "calm" | "amber" | "red";

/** How late something is, by the times the edge gave; 0 means never. */
export function heatOf(view: AttentionView, nowMs: number): Heat {
  if (view.kind === "fault") return "red";
  if (view.red_at_ms > 0 && nowMs >= view.red_at_ms) return "red";
  return view.amber_at_ms > 0 && nowMs >= view.amber_at_ms ? "amber" : "calm";
}
