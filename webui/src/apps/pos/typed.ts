/** Digits typed outside any field: a table's number, or a quantity after `*`. Shown while it is typed, never hidden. */
export interface Typed {
  text: string;
  isQuantity: boolean;
}

export type Wish = { kind: "table"; label: string } | { kind: "quantity"; count: number };

export const NOTHING: Typed = { text: "", isQuantity: false };
const MOST_DIGITS = 4;

/** What a key makes of it: more typed, something wished for, or null when the key is none of ours. */
export function typeKey(typed: Typed, key: string): { typed: Typed; wish?: Wish } | null {
  const isEmpty = typed.text === "" && !typed.isQuantity;
  if (/^\d$/.test(key)) {
    return { typed: { ...typed, text: (typed.text + key).replace(/^0+(?=\d)/, "").slice(0, MOST_DIGITS) } };
  }
  if (key === "*") return { typed: { text: "", isQuantity: true } };
  if (isEmpty) return null;
  if (key === "Backspace") return { typed: typed.text ? { ...typed, text: typed.text.slice(0, -1) } : NOTHING };
  if (key === "Escape") return { typed: NOTHING };
  if (key !== "Enter") return null;
  if (typed.text === "") return { typed: NOTHING };
  if (!typed.isQuantity) return { typed: NOTHING, wish: { kind: "table", label: typed.text } };
  const count = Number(typed.text);
  return count >= 1 && count <= 99 ? { typed: NOTHING, wish: { kind: "quantity", count } } : { typed: NOTHING };
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The field a key is typed into, if it is one. */
export function fieldOf(event: KeyboardEvent): Field | null {
  const target = event.target as HTMLElement | null;
  return target?.matches?.("input, textarea, select") ? (target as Field) : null;
}

/** Whether Escape leaves this field and no more: one level back is out of the field, not out of the sale. */
export function leaves(event: KeyboardEvent, field: Field): boolean {
  return event.key === "Escape" && !(field.type === "search" && field.value !== "");
}

/** Whether a key in the empty search box is of a quantity: the hand that searched goes on with `*` and a number. */
export function isCounting(event: KeyboardEvent, field: Field, typed: Typed): boolean {
  return field.type === "search" && field.value === "" && (typed.isQuantity || event.key === "*");
}
