import type { CheckView } from "$generated/vocabulary";

/** Whether an open check has dishes on it and costs nothing: it is closed by a payment of nothing. */
export function costsNothing(check: CheckView): boolean {
  return check.state === "open" && check.total_minor === 0 && check.lines.some((line) => line.stage !== "void");
}
