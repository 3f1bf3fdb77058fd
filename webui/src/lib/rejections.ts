import { common_somebody } from "./messages";
import { money } from "./money";
import type { Fact } from "./outbox";
import { clockTime } from "./time";

/** The message of one rejection code; its parameters are facts, already written as a person reads them. */
// biome-ignore lint/suspicious/noExplicitAny: each message has parameters of its own, named after the facts
export type Words = (facts: any) => string;

/**
 * Looks codes up in one application's table: what happened, who or when, what to do.
 *
 * A code without words is our fault and says so; a missing fact becomes a dash.
 */
export function wordsFrom(
  table: Record<string, Words>,
  failed: Words,
): (code: string, facts?: Record<string, Fact>) => string {
  return (code, facts = {}) => (table[code] ?? failed)(readable(facts));
}

/** Facts as people read them: `_minor` is money, `_ms` and `when` an hour of the day, a list is joined. */
function readable(facts: Record<string, Fact>): Record<string, string> {
  const written = Object.entries(facts).map(([name, fact]) => [name, write(name, fact)] as const);
  return new Proxy(Object.fromEntries(written), { get: (target, name) => target[name as string] ?? "—" });
}

function write(name: string, fact: Fact): string {
  if (fact === null) return "—";
  if (name === "who" && fact === "") return common_somebody();
  if (Array.isArray(fact)) return fact.join(", ");
  if (typeof fact === "number" && name.endsWith("_minor")) return money(fact);
  if (typeof fact === "number" && (name === "when" || name.endsWith("_ms"))) return clockTime(fact);
  return String(fact);
}
