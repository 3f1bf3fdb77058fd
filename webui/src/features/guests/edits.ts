import type { DraftView, GuestLine } from "$generated/vocabulary";

/** How one confirmed line differs from what was asked. */
export interface Edit {
  kind: "removed" | "added" | "quantity" | "changed";
  /** The dish, as the guest knew it. */
  name: string;
  /** What stood there before and stands there now; empty when this phone does not know what was asked. */
  before: string;
  after: string;
}

/** A line as it was asked: what it was called, what was chosen on it, and how many. */
export interface Asked {
  line_id: string;
  name: string;
  choices: string[];
  quantity: number;
  note: string;
}

type Confirmed = Pick<DraftView, "lines" | "edits" | "state">;

/**
 * What the waiter changed. The edge names the dishes; the phone that asked remembers its own words and can say
 * `Papas → Puré`.
 */
export function editsOf(draft: Confirmed, asked: readonly Asked[] | null): Edit[] {
  if (draft.state !== "confirmed") return [];
  const named = draft.edits.map(([kind, name]) => ({ kind: kindOf(kind), name, before: "", after: "" }));
  if (!asked) return named;
  const before = new Map(asked.map((line) => [line.line_id, line]));
  const found = draft.lines.flatMap((line) => {
    const was = before.get(line.line_id);
    before.delete(line.line_id);
    if (!was) return [{ kind: "added" as const, name: line.name, before: "", after: "" }];
    const choices = [line.variant_name, ...line.modifiers.map((one) => one.name)].filter(Boolean);
    return differences(was, {
      line_id: line.line_id,
      name: line.name,
      choices,
      quantity: line.quantity,
      note: line.note,
    });
  });
  const gone = [...before.values()].map((line) => ({
    kind: "removed" as const,
    name: line.name,
    before: "",
    after: "",
  }));
  return draft.edits.length === 0 ? [] : [...gone, ...found];
}

function differences(was: Asked, is: Asked): Edit[] {
  const edits: Edit[] = [];
  if (was.quantity !== is.quantity)
    edits.push({ kind: "quantity", name: was.name, before: String(was.quantity), after: String(is.quantity) });
  const left = was.choices.filter((one) => !is.choices.includes(one));
  const come = is.choices.filter((one) => !was.choices.includes(one));
  if (was.note !== is.note) {
    if (was.note) left.push(`“${was.note}”`);
    if (is.note) come.push(`“${is.note}”`);
  }
  if (was.name !== is.name) edits.push({ kind: "changed", name: was.name, before: was.name, after: is.name });
  else if (left.length + come.length > 0)
    edits.push({ kind: "changed", name: was.name, before: left.join(", "), after: come.join(", ") });
  return edits;
}

function kindOf(kind: string): Edit["kind"] {
  return kind === "removed" || kind === "added" || kind === "quantity" ? kind : "changed";
}

/** The confirmed lines that do not come from the drafts shown: what the waiter took at the table. */
export function linesBeside(lines: readonly GuestLine[], drafts: readonly DraftView[]): GuestLine[] {
  const theirs = new Set(drafts.flatMap((draft) => draft.lines.map((line) => line.line_id)));
  return lines.filter((line) => !theirs.has(line.line_id));
}
