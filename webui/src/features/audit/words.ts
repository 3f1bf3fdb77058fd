import type { AuditMoment } from "$generated/vocabulary";
import * as m from "$lib/messages";
import { money } from "$lib/money";
import { staffWords } from "$lib/rejections-staff";

const KINDS: Record<string, () => string> = {
  refusal: m.audit_refusal,
  void: m.audit_void,
  discount: m.audit_discount,
  comp: m.audit_comp,
  no_sale: m.audit_no_sale,
};

/** `Anulado después de enviar`. */
export function kindWord(kind: string): string {
  return KINDS[kind]?.() ?? kind;
}

/** What it was about: `2 Bife · $ 24.500 · Se cayó`. */
export function whatOf(moment: AuditMoment): string {
  const dish = moment.dish && (moment.quantity > 1 ? `${moment.quantity} ${moment.dish}` : moment.dish);
  return [
    moment.code ? staffWords(moment.code) : "",
    dish,
    moment.amount_minor ? money(moment.amount_minor) : "",
    moment.reason,
    moment.check_number ? m.past_number({ number: moment.check_number }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** `Ana · autorizó Marta · Caja`. */
export function whoOf(moment: AuditMoment): string {
  const approved = moment.approved_by_name ? m.past_approved({ name: moment.approved_by_name }) : "";
  return [moment.by_name, approved, moment.device_name].filter(Boolean).join(" · ");
}

/** Everything that it may be found by. */
export function aloud(moment: AuditMoment): string {
  return [kindWord(moment.kind), whatOf(moment), whoOf(moment)].join(" ");
}
