import type { AttentionView, DraftView } from "$generated/vocabulary";
import { defineAction } from "$lib/actions.svelte";
import { ask, confirmAsks } from "$lib/asks";
import * as m from "$lib/messages";
import { choicesText } from "$lib/words/ordering";
import { faultWord } from "$lib/words/printing";
import type { StateName } from "$ui";
import { adviceOf, faultTitle, isPaper } from "./faults";

/** A draft's card with the draft itself: only an unflagged one can be confirmed unseen. */
export interface DraftCard {
  view: AttentionView;
  draft: DraftView | undefined;
}

export const confirmDraft = defineAction<DraftCard>({
  id: "waiter.confirm_draft",
  label: () => m.attention_confirm(),
  permission: "confirm_drafts",
  when: ({ view, draft }) => !view.is_flagged && draft !== undefined,
  thing: ({ view }) => `confirm_draft ${view.draft_id}`,
  command: ({ draft }) => confirmAsks(draft!),
});

export const pickUp = defineAction<AttentionView>({
  id: "waiter.pick_up",
  label: () => m.attention_pick_up(),
  permission: "take_orders",
  command: (view) => ask("pick_up_course", { check_id: view.check_id, course: view.course }),
});

export const answerCall = defineAction<AttentionView>({
  id: "waiter.answer_call",
  label: () => m.attention_coming(),
  permission: "answer_calls",
  command: (view) => ask("answer_call", { call_id: view.call_id }),
});

export const answerPass = defineAction<AttentionView>({
  id: "waiter.answer_pass_call",
  label: () => m.attention_coming(),
  permission: "answer_calls",
  command: (view) => ask("answer_pass_call", { check_id: view.check_id, course: view.course }),
});

export const fireNext = defineAction<AttentionView>({
  id: "waiter.fire",
  label: (view) => m.ordering_fire({ course: view.course }),
  permission: "take_orders",
  command: (view) => ask("fire_course", { check_id: view.check_id, course: view.course }),
});

export const takeFault = defineAction<AttentionView>({
  id: "waiter.take_fault",
  label: () => m.attention_take(),
  when: (view) => view.kind === "fault" && view.taken_by_name === "",
  command: (view) => ask("take_fault", { about: aboutOf(view), fault_id: view.fault_id }),
});

export const reprintLost = defineAction<AttentionView>({
  id: "waiter.reprint_ticket",
  label: () => m.attention_reprint(),
  when: isPaper,
  command: (view) => ask("reprint_ticket", { ticket_id: view.fault_id }),
});

function aboutOf(view: AttentionView): "printer" | "station" | "ticket" {
  if (isPaper(view)) return "ticket";
  return view.title === "printer" ? "printer" : "station";
}

export const printBill = defineAction<{ check_id: string; call_id?: string }>({
  id: "waiter.print_guest_check",
  label: () => m.attention_bill_print(),
  permission: "take_orders",
  command: ({ check_id, call_id }) => [
    ask("print_guest_check", { check_id }),
    ...(call_id ? [ask("answer_call", { call_id })] : []),
  ],
});

const KINDS: Record<string, { state: StateName; word: (view: AttentionView) => string }> = {
  ready: { state: "ready", word: (view) => `${m.common_state_ready()} ${m.ordering_course({ course: view.course })}` },
  draft: { state: "draft", word: () => m.common_state_draft() },
  bill: { state: "bill", word: () => m.common_state_bill() },
  call: { state: "call", word: () => m.common_state_call() },
  pass: { state: "call", word: (view) => m.attention_pass({ course: view.course }) },
  nudge: { state: "held", word: nudgeWord },
  fault: { state: "failed", word: faultTitle },
};

/** How a card of a kind looks and what it is called. */
export function kindOf(view: AttentionView): { state: StateName; word: string } {
  const kind = KINDS[view.kind];
  return { state: kind?.state ?? "warn", word: kind?.word(view) ?? view.title };
}

/** How they mean to pay, as a card says it. */
export function tenderWord(tender: string): string {
  return { cash: m.attention_pays_cash(), card: m.attention_pays_card(), qr: m.attention_pays_qr() }[tender] ?? "";
}

/** What a card says under its heading: the dishes with their choices, what a guest wants, what a printer lacks. */
export function detailsOf(view: AttentionView, draft: DraftView | undefined): string[] {
  if (view.kind === "call") return view.title ? [CALLS[view.title]?.() ?? view.title] : [];
  if (view.kind === "fault") return faultDetails(view);
  if (view.kind !== "draft" || !draft) return view.details;
  const lines = draft.lines.map((line) => {
    const choices = choicesText(line);
    return `${line.quantity} ${line.name}${choices ? ` · ${choices}` : ""}${line.note ? ` «${line.note}»` : ""}`;
  });
  return draft.note ? [...lines, `«${draft.note}»`] : lines;
}

const CALLS: Record<string, () => string> = {
  water: m.attention_call_water,
  cutlery: m.attention_call_cutlery,
  question: m.attention_call_question,
  other: m.attention_call_other,
};

function faultDetails(view: AttentionView): string[] {
  if (isPaper(view)) return [...view.details, adviceOf(view)];
  const waiting = Number(view.title === "printer" ? (view.details[2] ?? 0) : view.ticket_ids.length);
  const counted = m.attention_fault_waiting({ count: waiting });
  const lacks = view.title === "printer" ? [faultWord(view.details[1] ?? "")] : [];
  return [...lacks, ...(waiting > 0 ? [counted] : []), adviceOf(view)];
}

function nudgeWord(view: AttentionView): string {
  if (view.title === "unsent_lines") return m.attention_nudge_unsent();
  if (view.title === "nothing_sent") return m.attention_nudge_nothing();
  if (view.title === "next_course") return m.attention_nudge_course({ course: view.course });
  return m.attention_nudge_late();
}

/** Where a card is about: `Mesa 12`, a tab by its name, the counter; empty for what stands at no place, as a fault. */
export function placeOf(view: AttentionView): string {
  if (view.table_id && view.table_label) return m.floor_table({ label: view.table_label });
  return view.table_label || (view.check_id ? m.floor_counter() : "");
}

/** The same as a card's heading: `M12`; a tab and a table with a name are called by it. */
export function shortPlaceOf(view: AttentionView): string {
  const isNumber = view.table_id !== "" && /^\d/.test(view.table_label);
  return isNumber ? m.floor_table_short({ label: view.table_label }) : view.table_label || placeOf(view);
}

/** A card's name for whoever hears it: `Mesa 12, Cuenta`, or only what fails. */
export function cardWord(view: AttentionView): string {
  const [place, what] = [placeOf(view), kindOf(view).word];
  return place ? m.attention_card_aloud({ place, what }) : what;
}

/** What is said aloud of a card that came: its place and what it wants, or what fails. */
export function arrivedWord(view: AttentionView): string {
  const [place, what] = [placeOf(view), kindOf(view).word];
  return place ? m.attention_arrived({ place, what }) : what;
}

/** Why it came to everybody: `Ana: pantalla apagada`; empty while its waiter can be rung. */
export function awayWord({ waiter_away, waiter_name }: AttentionView): string {
  if (waiter_away === "") return "";
  return waiter_away === "asleep"
    ? m.attention_away_asleep({ name: waiter_name })
    : m.attention_away_out({ name: waiter_name });
}
