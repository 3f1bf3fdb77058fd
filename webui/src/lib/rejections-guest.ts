import { GUEST_WORDS } from "$generated/rejections-guest";
import * as m from "./messages";
import { wordsFrom } from "./rejections";

/** What a guest's phone says when the edge says no. A small table: the guest's bundle is weighed. */
export const guestWords = wordsFrom(GUEST_WORDS, m.rejections_failed);
