import * as m from "./messages";
import { type Words, wordsFrom } from "./rejections";

const words: Record<string, Words> = {
  malformed: m.rejections_malformed,
  too_large: m.rejections_too_large,
  busy: m.rejections_busy,
  stopped: m.rejections_stopped,
  id_taken: m.rejections_id_taken,
  too_fast: m.rejections_too_fast,
  menu_missing: m.rejections_menu_missing,
  item_unknown: m.rejections_item_unknown,
  item_sold_out: m.rejections_item_sold_out,
  variant_unknown: m.rejections_variant_unknown,
  variant_missing: m.rejections_variant_missing,
  modifier_unknown: m.rejections_modifier_unknown,
  modifier_too_few: m.rejections_modifier_too_few,
  modifier_too_many: m.rejections_modifier_too_many,
  price_changed: m.rejections_price_changed,
  quantity_invalid: m.rejections_quantity_invalid,
  too_many_lines: m.rejections_too_many_lines,
  note_too_long: m.rejections_note_too_long,
  code_invalid: m.rejections_code_invalid,
  code_expired: m.rejections_code_expired,
  visit_over: m.rejections_visit_over,
  draft_unknown: m.rejections_draft_unknown,
  draft_claimed: m.rejections_draft_claimed,
  draft_settled: m.rejections_draft_settled,
  draft_empty: m.rejections_draft_empty,
  drafts_paused: m.rejections_drafts_paused,
  too_many_drafts: m.rejections_too_many_drafts,
  call_pending: m.rejections_call_pending,
  call_unknown: m.rejections_call_unknown,
  unreachable: m.rejections_unreachable,
  failed: m.rejections_failed,
};

/** What a guest's phone says when the edge says no. A small table: the guest's bundle is weighed. */
export const guestWords = wordsFrom(words, m.rejections_failed);
