/** What a keypad holds: digits as typed, perhaps with a comma; a suggestion goes with the first digit. */
export interface Entry {
  text: string;
  isSuggested: boolean;
}

export type Key = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "00" | "," | "erase";

const MOST_DIGITS = 9;

/** An entry that shows `minor` as a suggestion (money), or a plain number. */
export function suggest(value: number | null, isMoney: boolean): Entry {
  if (value === null) return { text: "", isSuggested: false };
  if (!isMoney) return { text: String(value), isSuggested: true };
  const cents = value % 100;
  return { text: `${Math.floor(value / 100)}${cents ? `,${String(cents).padStart(2, "0")}` : ""}`, isSuggested: true };
}

/** The entry after a key. Erasing only erases: on a suggestion it empties it. */
export function press(entry: Entry, key: Key, isMoney: boolean): Entry {
  const typed = (text: string): Entry => ({ text, isSuggested: false });
  if (key === "erase") return typed(entry.isSuggested ? "" : entry.text.slice(0, -1));
  const text = entry.isSuggested ? "" : entry.text;
  if (key === ",") return !isMoney || text.includes(",") ? { ...entry, text: entry.text } : typed(`${text || "0"},`);
  const [, cents] = text.split(",");
  if (cents !== undefined) return cents.length + key.length > 2 ? entry : typed(text + key);
  const next = (text + key).replace(/^0+(?=\d)/, "");
  return next.length > MOST_DIGITS ? entry : typed(next);
}

/** The entry's value: minor units for money, else the number; null when nothing is typed. */
export function numberOf(entry: Entry, isMoney: boolean): number | null {
  if (entry.text === "") return null;
  if (!isMoney) return Number(entry.text);
  const [whole = "0", cents = ""] = entry.text.split(",");
  return Number(whole) * 100 + Number(cents.padEnd(2, "0") || "0");
}

/** The text with dots for thousands, as the display shows it. */
export function display(entry: Entry): string {
  const [whole = "", cents] = entry.text.split(",");
  const dotted = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  return cents === undefined ? dotted : `${dotted},${cents}`;
}

/** The key of a keyboard or numeric pad, or null when it is none of ours. */
export function keyOf(key: string): Key | null {
  if (/^\d$/.test(key)) return key as Key;
  if (key === "," || key === "." || key === "Decimal") return ",";
  return key === "Backspace" ? "erase" : null;
}
