const UNITS = ["B", "kB", "MB", "GB", "TB"];
const NO_WORD = /[^\p{L}\p{N}]+/u;
const collator = new Intl.Collator("es-AR", { sensitivity: "base", numeric: true });

/** Orders text as a person in Argentina expects: ñ after n, accents and case aside, M2 before M10. */
export function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}

/** `3,2 MB`: how much room something takes. */
export function bytes(count: number): string {
  const power = count > 0 ? Math.min(UNITS.length - 1, Math.floor(Math.log(count) / Math.log(1000))) : 0;
  const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: power > 1 ? 1 : 0 });
  return `${shown.format(count / 1000 ** power)} ${UNITS[power]}`;
}

/** Text without accents or case, for searching. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}

/** Whether each word of `query` begins a word of `text`: `bif ch` finds `Bife de chorizo`, `24.5` finds `$ 24.500`. */
export function matches(text: string, query: string): boolean {
  const words = fold(text).split(NO_WORD);
  return fold(query)
    .split(NO_WORD)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
