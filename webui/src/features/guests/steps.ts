import type { DraftView, GuestLine } from "$generated/vocabulary";

export type StepName = "received" | "claimed" | "confirmed" | "cooking" | "ready";

export interface Step {
  name: StepName;
  /** Reached, or where the draft is now. */
  isDone: boolean;
  isCurrent: boolean;
  /** When it was reached; 0 where nobody wrote it down. */
  atMs: number;
}

const ORDER: StepName[] = ["received", "claimed", "confirmed", "cooking", "ready"];

/** Where a draft stands, from received to ready; empty when it will not be made. */
export function stepsOf(draft: DraftView, lines: readonly GuestLine[]): Step[] {
  const current = currentStep(draft, lines);
  if (!current) return [];
  const reached = ORDER.indexOf(current);
  return ORDER.map((name, place) => ({
    name,
    isDone: place <= reached,
    isCurrent: place === reached,
    atMs: place <= reached ? timeOf(draft, name) : 0,
  }));
}

/** The last step that a draft reached; null when it was rejected, withdrawn or expired. */
export function currentStep(draft: DraftView, lines: readonly GuestLine[]): StepName | null {
  if (draft.state === "submitted") return "received";
  if (draft.state === "claimed") return "claimed";
  if (draft.state !== "confirmed") return null;
  const ours = new Set(draft.lines.map((line) => line.line_id));
  const stages = lines.filter((line) => ours.has(line.line_id)).map((line) => line.stage);
  if (stages.length > 0 && stages.every((stage) => stage === "ready")) return "ready";
  return stages.some((stage) => stage !== "confirmed") ? "cooking" : "confirmed";
}

/** How many of a draft's dishes are ready, and of how many: the first may come long before the last. */
export function readyOf(draft: DraftView, lines: readonly GuestLine[]): { ready: number; all: number } {
  const ours = new Set(draft.lines.map((line) => line.line_id));
  const found = lines.filter((line) => ours.has(line.line_id));
  return { ready: found.filter((line) => line.stage === "ready").length, all: found.length };
}

function timeOf(draft: DraftView, name: StepName): number {
  if (name === "received") return draft.submitted_at_ms;
  if (name === "claimed") return draft.claimed_at_ms;
  return name === "confirmed" ? draft.settled_at_ms : 0;
}
