import type { CheckView, LineAsk } from "$generated/vocabulary";
import { ask } from "$lib/asks";
import type { Ask } from "$lib/outbox";

/** Lines for a check, opened first when it is new, and given to the kitchen unless they are held. No table is a tab when it has a name, else the counter. */
export function orderAsks(order: {
  checkId: string;
  opening?: { tableId: string; covers: number; name?: string } | null;
  lines: LineAsk[];
  isHeld?: boolean;
}): Ask[] {
  const { checkId, opening, lines, isHeld } = order;
  const asks: Ask[] = [];
  if (opening) {
    const { tableId, covers, name = "" } = opening;
    const kind = tableId ? "table" : name ? "tab" : "counter";
    asks.push(ask("open_check", { check_id: checkId, kind, table_id: tableId, name, covers }));
  }
  if (lines.length === 0) return asks;
  asks.push(ask("add_lines", { check_id: checkId, lines }));
  if (!isHeld) asks.push(ask("send_lines", { check_id: checkId, line_ids: lines.map((line) => line.line_id) }));
  return asks;
}

/** Takes back what was sent a moment ago by a slip of the hand: no reason, and no approval while the edge allows it. */
export function takeBackAsks(checkId: string, lines: readonly LineAsk[]): Ask[] {
  return lines.map((line) =>
    ask("void_line", { check_id: checkId, line_id: line.line_id, quantity: line.quantity ?? 1, reason: "" }),
  );
}

/** The open checks of a table, in the order they were opened: mostly one, two when two people opened it at once. */
export function openChecksOf(tableId: string, checks: CheckView[]): CheckView[] {
  return checks.filter((one) => one.table_id === tableId && one.state === "open").sort((a, b) => a.number - b.number);
}

/** The check that is meant at a table: the one asked for while it stands or is on its way, else the table's. */
export function checkIdAt(
  { tableId, checkId }: { tableId: string; checkId: string | null },
  checks: CheckView[],
  unsettled: { command: { name: string; body: Record<string, unknown> } }[],
): string | null {
  const isOpening = unsettled.some(({ command }) => command.name === "open_check" && command.body.check_id === checkId);
  const stands = openChecksOf(tableId, checks).some((one) => one.check_id === checkId);
  return checkId && (isOpening || stands) ? checkId : openCheckId(tableId, checks, unsettled);
}

/** The open check of a table: the one the edge shows, else one opened here that the edge has not shown yet. */
export function openCheckId(
  tableId: string,
  checks: CheckView[],
  unsettled: { command: { name: string; body: Record<string, unknown> } }[],
): string | null {
  const known = checks.find((one) => one.table_id === tableId && one.state === "open");
  if (known) return known.check_id;
  const asked = unsettled.find(({ command }) => command.name === "open_check" && command.body.table_id === tableId);
  return (asked?.command.body.check_id as string | undefined) ?? null;
}
