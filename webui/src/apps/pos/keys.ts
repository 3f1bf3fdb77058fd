import * as m from "$lib/messages";

/** Every key of the till, to show and to change: the id and preset each screen binds. */
export function tillKeys(): { id: string; combo: string; label: string }[] {
  return [
    { id: "pos.counter", combo: "F1", label: m.pos_counter() },
    { id: "pos.room", combo: "F2", label: m.pos_room() },
    { id: "pos.queue", combo: "F3", label: m.pos_queue() },
    { id: "pos.send", combo: "F4", label: m.common_send() },
    { id: "pos.bill", combo: "F7", label: m.attention_bill_print() },
    { id: "pos.charge", combo: "F8", label: m.pos_charge() },
    { id: "payments.cash", combo: "F9", label: m.payments_cash() },
    { id: "payments.transfer", combo: "F10", label: m.payments_transfer() },
    { id: "payments.card", combo: "F11", label: m.payments_card() },
    { id: "pos.tip", combo: "p", label: m.pos_tip_key() },
    { id: "pos.ways", combo: "d", label: m.pos_ways_key() },
    { id: "pos.receipt", combo: "t", label: m.pos_receipt_key() },
    { id: "pos.fire", combo: "m", label: m.pos_fire_key() },
    { id: "pos.line_down", combo: "ArrowDown", label: m.pos_line_next() },
    { id: "pos.line_up", combo: "ArrowUp", label: m.pos_line_before() },
    { id: "pos.void", combo: "Delete", label: m.pos_void() },
    { id: "pos.search", combo: "/", label: m.pos_search() },
    { id: "pos.palette", combo: "ctrl+k", label: m.pos_palette() },
    { id: "pos.back", combo: "Escape", label: m.pos_back() },
  ];
}
