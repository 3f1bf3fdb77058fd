import { TENDERS } from "$features/payments/tenders";
import * as m from "$lib/messages";

interface TillKey {
  id: string;
  /** The key it has until a person chooses another. */
  key: string;
  label: () => string;
}

/** Every key of the till, once: actions take theirs from here, and the settings show and change them. */
export const KEYS = {
  counter: { id: "pos.counter", key: "F1", label: m.pos_counter },
  room: { id: "pos.room", key: "F2", label: m.pos_room },
  queue: { id: "pos.queue", key: "F3", label: m.pos_queue },
  send: { id: "pos.send", key: "F4", label: m.common_send },
  bill: { id: "pos.bill", key: "F7", label: m.attention_bill_print },
  charge: { id: "pos.charge", key: "F8", label: m.pos_charge },
  tip: { id: "pos.tip", key: "p", label: m.pos_tip_key },
  ways: { id: "pos.ways", key: "d", label: m.pos_ways_key },
  receipt: { id: "pos.receipt", key: "t", label: m.pos_receipt_key },
  fire: { id: "pos.fire", key: "m", label: m.pos_fire_key },
  lineDown: { id: "pos.line_down", key: "ArrowDown", label: m.pos_line_next },
  lineUp: { id: "pos.line_up", key: "ArrowUp", label: m.pos_line_before },
  void: { id: "pos.void", key: "Delete", label: m.pos_void },
  search: { id: "pos.search", key: "/", label: m.pos_search },
  palette: { id: "pos.palette", key: "ctrl+k", label: m.pos_palette },
  back: { id: "pos.back", key: "Escape", label: m.pos_back },
} satisfies Record<string, TillKey>;

/** The keys of the till in the order in which they are shown. */
export function tillKeys(): TillKey[] {
  const all: TillKey[] = Object.values(KEYS);
  const after = all.findIndex((one) => one.id === KEYS.charge.id) + 1;
  return [...all.slice(0, after), ...TENDERS, ...all.slice(after)];
}
