/** Why this device cannot keep anything; `failed` is a fault of ours. */
export type Cause = "refused" | "full" | "broken" | "silent" | "failed";

/** What a person is told when the device's database fails. */
export interface Trouble {
  cause: Cause;
  /** Nothing is kept at all, since the start: only memory is left. */
  isMemoryOnly: boolean;
  /** How many commands wait here and are not on the device. */
  commands: number;
  /** How many pieces of typed work are not on the device. */
  typed: number;
  /** What the browser said, for whoever is called. */
  detail: string;
}

/** What a device had kept and found gone: the browser threw it away, or somebody cleared it. */
export interface Lost {
  /** What the device was called. */
  name: string;
  commands: number;
  typed: number;
  at_ms: number;
}

const CAUSES: Record<string, Cause> = {
  QuotaExceededError: "full",
  SecurityError: "refused",
  NotAllowedError: "refused",
  InvalidStateError: "refused", // a private window of Firefox
  TimeoutError: "silent",
};

export function causeOf(error: unknown): Cause {
  return error instanceof DOMException ? (CAUSES[error.name] ?? "broken") : "failed";
}

/** What the browser said, in one line. */
export function detailOf(error: unknown): string {
  const said = error instanceof Error || error instanceof DOMException ? error.message : String(error);
  return [nameOf(error), said].filter(Boolean).join(": ");
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
