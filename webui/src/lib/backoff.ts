/** The next wait in milliseconds: full jitter under a ceiling that doubles. `chance` is between 0 and 1. */
export function backoff(attempts: number, chance: number, { baseMs = 500, capMs = 15_000 } = {}): number {
  return Math.round(chance * Math.min(capMs, baseMs * 2 ** Math.min(attempts, 20)));
}
