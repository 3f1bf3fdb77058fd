import type { TicketLineView, TicketView } from "$generated/vocabulary";
import { defineAction } from "$lib/actions.svelte";
import { ask } from "$lib/asks";
import * as m from "$lib/messages";
import { titleOf } from "$lib/words/kitchen";

/** What a kitchen screen may do with nobody signed in: its device's own permissions at the edge. */
export const KITCHEN_MAY = ["bump", "sold_out"];

export const bumpTicket = defineAction<TicketView>({
  id: "kitchen.bump_ticket",
  isSwitch: true,
  thing: ({ ticket_id }) => ticket_id,
  label: () => m.kds_key_enter(),
  permission: "bump",
  when: (ticket) => ticket.state === "open",
  command: (ticket) => ask("bump_ticket", { ticket_id: ticket.ticket_id }),
});

export const showTickets = defineAction<TicketView[]>({
  id: "kitchen.show_tickets",
  label: () => m.common_mark_kitchen(),
  command: (tickets) => ask("show_tickets", { ticket_ids: tickets.map((ticket) => ticket.ticket_id) }),
});

export const bumpLine = defineAction<{ ticket: TicketView; line: TicketLineView }>({
  id: "kitchen.bump_line",
  isSwitch: true,
  thing: ({ line }) => line.line_id,
  label: ({ line }) => m.kds_line_aloud({ quantity: line.quantity, name: line.name }),
  permission: "bump",
  when: ({ ticket, line }) => ticket.state === "open" && line.state === "open",
  command: ({ ticket, line }) => ask("bump_line", { ticket_id: ticket.ticket_id, line_id: line.line_id }),
});

export const recallTicket = defineAction<TicketView>({
  id: "kitchen.recall",
  isSwitch: true,
  thing: ({ ticket_id }) => ticket_id,
  label: (ticket) => m.kds_hole_aloud({ label: titleOf(ticket) }),
  permission: "bump",
  when: (ticket) => ticket.state !== "open",
  command: (ticket) => ask("recall_ticket", { ticket_id: ticket.ticket_id }),
});

export const seeChange = defineAction<TicketView>({
  id: "kitchen.see_change",
  isSwitch: true,
  thing: ({ ticket_id }) => ticket_id,
  label: () => m.kds_seen(),
  permission: "bump",
  when: (ticket) => ticket.changed_at_ms > 0,
  command: (ticket) => ask("see_ticket_change", { ticket_id: ticket.ticket_id }),
});

export const markSoldOut = defineAction<{ itemId: string; name: string; isOut: boolean }>({
  id: "kitchen.sold_out",
  isSwitch: true,
  thing: ({ itemId }) => `item:${itemId}`,
  label: ({ name, isOut }) => (isOut ? m.kds_sold_out_aloud_back({ name }) : m.kds_sold_out_aloud({ name })),
  permission: "sold_out",
  command: ({ itemId, isOut }) => ask(isOut ? "restore_item" : "eighty_six_item", { item_id: itemId }),
});

export const takeFromPass = defineAction<{ checkId: string; course: number; isReady: boolean }>({
  id: "kitchen.pick_up",
  thing: ({ checkId, course }) => `pass:${checkId}:${course}`,
  label: () => m.kds_expo_done(),
  permission: "bump",
  when: ({ isReady }) => isReady,
  command: ({ checkId, course }) => ask("pick_up_course", { check_id: checkId, course }),
});

export const callToPass = defineAction<{ checkId: string; course: number; isCalled: boolean }>({
  id: "kitchen.call_to_pass",
  thing: ({ checkId, course }) => `call:${checkId}:${course}`,
  label: () => m.kds_expo_call(),
  permission: "bump",
  when: ({ isCalled }) => !isCalled,
  command: ({ checkId, course }) => ask("call_to_pass", { check_id: checkId, course }),
});
