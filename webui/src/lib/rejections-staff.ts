import { STAFF_WORDS } from "$generated/rejections-staff";
import * as m from "./messages";
import { wordsFrom } from "./rejections";

/** What a staff screen says when the edge says no: `staffWords("check_closed", { by: "Leo", ... })`. */
export const staffWords = wordsFrom(STAFF_WORDS, m.rejections_failed);
