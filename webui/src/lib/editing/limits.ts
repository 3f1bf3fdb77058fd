import type { Limit } from "$generated/limits";
import * as m from "$lib/messages";

/** What is wrong, in words, by the path of the field. */
export type Problems = Record<string, string>;

/** The limits of a form's fields, by name: `changePrinter` of `$generated/limits`. */
export type Limits = Readonly<Record<string, Limit>>;

/** What is wrong with one value, in words; null when nothing is. What was typed and is no number stands as text. */
export function wrong(limit: Limit, value: unknown): string | null {
  if (limit.min !== undefined || limit.max !== undefined) return wrongNumber(limit, value);
  if (limit.choices) return limit.choices.includes(value as string) ? null : m.edit_choose();
  return typeof value === "string" ? wrongText(limit, value) : null;
}

function wrongNumber({ min, max }: Limit, value: unknown): string | null {
  if (value === "") return m.edit_missing();
  if (!Number.isSafeInteger(value)) return m.edit_no_number();
  if (min !== undefined && (value as number) < min) return m.edit_too_small({ min });
  return max !== undefined && (value as number) > max ? m.edit_too_great({ max }) : null;
}

function wrongText({ minLength = 0, maxLength }: Limit, value: string): string | null {
  if (value.trim().length < minLength) return minLength > 1 ? m.edit_too_short({ min: minLength }) : m.edit_missing();
  return maxLength !== undefined && [...value.trim()].length > maxLength ? m.edit_too_long({ max: maxLength }) : null;
}

/** What is wrong with the fields of a record that have limits. */
export function wrongFields(limits: Limits, doc: object): Problems {
  const found = Object.entries(doc).map(([name, value]) => [name, limits[name] && wrong(limits[name], value)] as const);
  return Object.fromEntries(found.filter((one): one is [string, string] => Boolean(one[1])));
}
