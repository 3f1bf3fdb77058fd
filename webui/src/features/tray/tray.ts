import type { Views } from "$generated/vocabulary";
import * as m from "$lib/messages";
import type { Command } from "$lib/outbox";
import type { ViewStore } from "$lib/store.svelte";

/** Where a refused command is put right. */
export type Where =
  | { screen: "order" | "table"; tableId: string; checkId: string }
  | { screen: "draft"; draftId: string };

const WORDS: Record<string, () => string> = {
  open_check: m.tray_open,
  add_lines: m.tray_lines,
  send_lines: m.tray_send,
  change_line: m.tray_change,
  void_line: m.tray_void,
  confirm_draft: m.tray_confirm,
  reject_draft: m.tray_reject,
  claim_draft: m.tray_claim,
  move_check: m.tray_move,
  fire_course: m.tray_fire,
  pick_up_course: m.tray_pick_up,
  print_guest_check: m.tray_bill,
  answer_call: m.tray_answer,
  answer_pass_call: m.tray_answer,
};

/** What was asked, in words. */
export function commandWord(name: string): string {
  return (WORDS[name] ?? m.tray_other)();
}

/** Where a refused command is put right: the order of its table, its draft, or its check. */
export function whereOf(command: Pick<Command, "name" | "body">, views: ViewStore<Views>): Where | null {
  const draftId = command.body.draft_id;
  if (typeof draftId === "string") return { screen: "draft", draftId };
  const checkId = command.body.check_id;
  if (typeof checkId !== "string") return null;
  const tableId =
    command.name === "open_check" ? String(command.body.table_id ?? "") : views.get("check", checkId)?.table_id;
  if (!tableId) return null;
  return command.name === "add_lines" ? { screen: "order", tableId, checkId } : { screen: "table", tableId, checkId };
}
