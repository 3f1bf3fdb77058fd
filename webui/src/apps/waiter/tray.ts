import type { Views } from "$generated/vocabulary";
import * as m from "$lib/messages";
import type { Command } from "$lib/outbox";
import type { ViewStore } from "$lib/store.svelte";
import type { Place } from "./nav.svelte";

const WORDS: Record<string, () => string> = {
  open_check: m.waiter_did_open,
  add_lines: m.waiter_did_lines,
  send_lines: m.waiter_did_send,
  change_line: m.waiter_did_change,
  void_line: m.waiter_did_void,
  confirm_draft: m.waiter_did_confirm,
  reject_draft: m.waiter_did_reject,
  claim_draft: m.waiter_did_claim,
  move_check: m.waiter_did_move,
  fire_course: m.waiter_did_fire,
  pick_up_course: m.waiter_did_pick_up,
  print_guest_check: m.waiter_did_bill,
  answer_call: m.waiter_did_answer,
};

/** What was asked, in words. */
export function commandWord(name: string): string {
  return (WORDS[name] ?? m.waiter_did_other)();
}

/** Where a refused command is put right: the order of its table, its draft, or its check. */
export function whereOf(command: Pick<Command, "name" | "body">, views: ViewStore<Views>): Place | null {
  const draftId = command.body.draft_id;
  if (typeof draftId === "string") return { screen: "draft", draftId };
  const checkId = command.body.check_id;
  if (typeof checkId !== "string") return null;
  const tableId =
    command.name === "open_check" ? String(command.body.table_id ?? "") : views.get("check", checkId)?.table_id;
  if (!tableId) return null;
  return command.name === "add_lines" ? { screen: "order", tableId, checkId } : { screen: "table", tableId, checkId };
}
