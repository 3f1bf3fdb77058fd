import type { Views } from "$generated/vocabulary";

/** What a kitchen screen follows of the feed. */
export const KINDS: (keyof Views)[] = ["venue", "station", "ticket", "waiting_course", "menu", "sold_out", "attention"];
