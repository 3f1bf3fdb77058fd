import type { ReasonCode } from "$generated/vocabulary";
import * as m from "$lib/messages";

export type MovementKind = "cash_in" | "payout" | "drop";

const KINDS: Record<string, () => string> = {
  cash_in: m.cash_cash_in,
  payout: m.cash_payout,
  drop: m.cash_drop,
  no_sale: m.cash_no_sale,
};

/** `Retiro` for `drop`. */
export function movementWord(kind: string): string {
  return KINDS[kind]?.() ?? kind;
}

/** Why cash comes or goes, as chips; the code is what stays on record. */
export function movementReasons(kind: MovementKind): ReasonCode[] {
  if (kind === "cash_in") return ["change_in"];
  return kind === "drop" ? ["to_safe", "much_cash"] : ["supplier", "delivery", "advance"];
}

/** Why a drawer is opened without a sale. */
export const NO_SALE_REASONS: ReasonCode[] = ["give_change", "check_note"];
