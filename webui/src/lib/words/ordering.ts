import type { ReasonCode } from "$generated/vocabulary";
import * as m from "../messages";

const ALLERGENS: Record<string, () => string> = {
  peanut: m.ordering_allergen_peanut,
  nuts: m.ordering_allergen_nuts,
  milk: m.ordering_allergen_milk,
  egg: m.ordering_allergen_egg,
  wheat: m.ordering_allergen_wheat,
  fish: m.ordering_allergen_fish,
  shellfish: m.ordering_allergen_shellfish,
  soy: m.ordering_allergen_soy,
  sesame: m.ordering_allergen_sesame,
  other: m.ordering_allergen_other,
};

export const ALLERGEN_CODES = Object.keys(ALLERGENS);

/** `maní` for `peanut`; a word the venue wrote itself stays as it is. */
export function allergenWord(code: string): string {
  return ALLERGENS[code]?.() ?? code;
}

/** `maní, huevo`. */
export function allergyWords(codes: readonly string[]): string {
  return codes.map(allergenWord).join(", ");
}

/** `2º` of a course. */
export function courseWord(course: number): string {
  return m.ordering_course({ course });
}

const STAGES: Record<string, () => string> = {
  held: m.ordering_stage_held,
  waiting: m.ordering_stage_waiting,
  sent: m.ordering_stage_sent,
  cooking: m.ordering_stage_cooking,
  ready: m.ordering_stage_ready,
  served: m.ordering_stage_served,
  void: m.ordering_stage_void,
};

/** What a line or a course is doing: `en cocina`. */
export function stageWord(stage: string): string {
  return STAGES[stage]?.() ?? stage;
}

/** Notes a waiter writes with one tap. */
export function presetNotes(): string[] {
  return [
    m.ordering_note_no_salt(),
    m.ordering_note_well_done(),
    m.ordering_note_aside(),
    m.ordering_note_share(),
    m.ordering_note_hurry(),
  ];
}

/** Whether a note says this already. */
export function hasNote(note: string, preset: string): boolean {
  return note.split(", ").includes(preset);
}

/** The note with this on it, or off it; never longer than a line takes. */
export function turnNote(note: string, preset: string): string {
  const parts = note.split(", ").filter(Boolean);
  const next = parts.includes(preset) ? parts.filter((one) => one !== preset) : [...parts, preset];
  return next.join(", ").slice(0, 140);
}

/** Why something comes off, as chips; the code is what stays on record. */
export const VOID_REASONS: ReasonCode[] = ["slip", "changed_mind", "delay", "made_wrong", "returned"];

/** `jugoso · puré`: what was chosen, in the order the waiter asks it. */
export function choicesText(line: { variant_name?: string; modifiers: { name: string }[] }): string {
  return [line.variant_name ?? "", ...line.modifiers.map((one) => one.name)].filter(Boolean).join(" · ");
}
