const collator = new Intl.Collator("es-AR", { sensitivity: "base", numeric: true });

/** Orders text as a person in Argentina expects: ñ after n, accents and case aside, M2 before M10. */
export function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}

/** Text without accents or case, for searching. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}

/** Whether each word of `query` begins a word of `text`: `bif ch` finds `Bife de chorizo`. */
export function matches(text: string, query: string): boolean {
  const words = fold(text).split(/[^\p{L}\p{N}]+/u);
  return fold(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
