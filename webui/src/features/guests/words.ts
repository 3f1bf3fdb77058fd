import * as m from "$lib/messages";
import type { Edit } from "./edits";
import type { StepName } from "./steps";

const TAGS: Record<string, () => string> = {
  gluten_free: m.guest_tag_gluten_free,
  vegetarian: m.guest_tag_vegetarian,
  vegan: m.guest_tag_vegan,
  spicy: m.guest_tag_spicy,
  house: m.guest_tag_house,
};

/** The tags of a dish that a guest reads; other tags are a waiter's nicknames. */
export function tagWords(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => TAGS[tag]?.() ?? []);
}

/** A step as it is called, with the waiter's name where one is known. */
export function stepWord(name: StepName, by: string): string {
  if (name === "claimed") return by ? m.guest_step_claimed({ name: by }) : m.guest_step_claimed_nobody();
  if (name === "received") return m.guest_step_received();
  if (name === "confirmed") return m.guest_step_confirmed();
  return name === "cooking" ? m.guest_step_cooking() : m.guest_step_ready();
}

const REASONS: Record<string, () => string> = {
  kitchen_closed: m.guest_rejected_kitchen_closed,
  sold_out: m.guest_rejected_sold_out,
  wrong_table: m.guest_rejected_wrong_table,
  spoke_to_guest: m.guest_rejected_spoke_to_guest,
};

/** Why a draft was not taken. With other words of the waiter's own, those say it. */
export function reasonWord(reason: string, note: string): string {
  return REASONS[reason]?.() ?? (note ? "" : m.guest_rejected_other());
}

/** What the waiter did to a line. */
export function editWord(kind: Edit["kind"]): string {
  if (kind === "removed") return m.guest_edit_removed();
  return kind === "added" ? m.guest_edit_added() : m.guest_edit_changed();
}

/** What a confirmed line is doing. */
export function stageWord(stage: string): string {
  if (stage === "ready") return m.guest_stage_ready();
  return stage === "cooking" ? m.guest_stage_cooking() : m.guest_stage_confirmed();
}

const FEMININE = /^(\p{L}*(a|ión|dad|tad))$/iu;

/** *Elegí el punto*, *Elegí la guarnición*: the article by how Spanish nouns end, right for what menus ask. */
export function pickWord(group: string): string {
  const what = group.toLocaleLowerCase();
  const [noun = ""] = what.split(/\s+/);
  if (FEMININE.test(noun)) return m.guest_pick_la({ what });
  if (/(as|iones|dades)$/.test(noun)) return m.guest_pick_las({ what });
  return /s$/.test(noun) ? m.guest_pick_los({ what }) : m.guest_pick_el({ what });
}
