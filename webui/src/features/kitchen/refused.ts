import type { Refused } from "$lib/outbox";

const ALREADY: Record<string, readonly string[]> = {
  bump_ticket: ["ticket_bumped"],
  bump_line: ["ticket_bumped", "line_void"],
  recall_ticket: ["ticket_open"],
};

/** Whether what was asked is already so: another screen of the station was quicker, and nobody need read about it. */
export function isAlreadySo(refused: Pick<Refused, "command" | "code">): boolean {
  return ALREADY[refused.command.name]?.includes(refused.code) ?? false;
}
