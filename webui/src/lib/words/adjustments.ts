import * as m from "../messages";
import { percent } from "../money";
import { reasonWords } from "../reasons";

const KINDS: Record<string, () => string> = {
  discount: m.ordering_adjustment_discount,
  comp: m.ordering_adjustment_comp,
  surcharge: m.ordering_adjustment_surcharge,
  service: m.ordering_adjustment_service,
  rounding: m.ordering_adjustment_rounding,
  tender_price: m.ordering_adjustment_tender_price,
};

/** What an adjustment is called. */
export function kindWord(kind: string): string {
  return KINDS[kind]?.() ?? kind;
}

/** `Descuento 10%`; a comp says its rate by its name. */
export function adjustmentWord(one: { kind: string; rate_bp: number }): string {
  const hasRate = one.rate_bp !== 0 && one.kind !== "comp";
  return hasRate ? `${kindWord(one.kind)} ${percent(Math.abs(one.rate_bp))}` : kindWord(one.kind);
}

/** `Descuento 10% · Demora`. */
export function adjustmentText(one: { kind: string; rate_bp: number; reason: string }): string {
  return [adjustmentWord(one), reasonWords(one.reason)].filter(Boolean).join(" · ");
}
