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

/** Why cash comes or goes, as chips; the text is what stays on record. */
export function movementReasons(kind: MovementKind): string[] {
  if (kind === "cash_in") return [m.cash_reason_change()];
  if (kind === "drop") return [m.cash_reason_safe(), m.cash_reason_much()];
  return [m.cash_reason_supplier(), m.cash_reason_taxi(), m.cash_reason_advance()];
}

/** Why a drawer is opened without a sale. */
export function noSaleReasons(): string[] {
  return [m.cash_reason_give_change(), m.cash_reason_check_note()];
}
