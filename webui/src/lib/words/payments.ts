import * as m from "../messages";

const TENDERS: Record<string, () => string> = {
  cash: m.payments_cash,
  card: m.payments_card,
  transfer: m.payments_transfer,
};

/** `Efectivo` for `cash`; a tender of another release keeps its name. */
export function tenderName(tender: string): string {
  return TENDERS[tender]?.() ?? tender;
}
