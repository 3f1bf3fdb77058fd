import { STAFF_WORDS } from "$generated/rejections-staff";
import { Problem } from "./api";
import * as m from "./messages";
import { wordsFrom } from "./rejections";

/** What a staff screen says when the edge says no: `staffWords("check_closed", { by: "Leo", ... })`. */
export const staffWords = wordsFrom(STAFF_WORDS, m.rejections_failed);

/** What came of a request that failed: the edge's own no, or what to say when nobody answered. */
export function problemWords(error: unknown, silence: string): string {
  return error instanceof Problem && !error.isUnreachable ? staffWords(error.code, error.facts) : silence;
}
