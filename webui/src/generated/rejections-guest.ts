// Made from shared/ by `make types`. Never edit: change shared/ and make it again.

import * as m from "$lib/messages";

/** The message of each rejection code of shared/errors.py; its parameters are the code's facts. */
export const GUEST_WORDS = {
  busy: m.rejections_busy,
  call_pending: m.rejections_call_pending,
  call_unknown: m.rejections_call_unknown,
  code_expired: m.rejections_code_expired,
  code_invalid: m.rejections_code_invalid,
  draft_claimed: m.rejections_draft_claimed,
  draft_empty: m.rejections_draft_empty,
  draft_settled: m.rejections_draft_settled,
  draft_unknown: m.rejections_draft_unknown,
  drafts_paused: m.rejections_drafts_paused,
  failed: m.rejections_failed,
  id_taken: m.rejections_id_taken,
  item_sold_out: m.rejections_item_sold_out,
  item_unknown: m.rejections_item_unknown,
  malformed: m.rejections_malformed,
  menu_missing: m.rejections_menu_missing,
  modifier_too_few: m.rejections_modifier_too_few,
  modifier_too_many: m.rejections_modifier_too_many,
  modifier_unknown: m.rejections_modifier_unknown,
  note_too_long: m.rejections_note_too_long,
  price_changed: m.rejections_price_changed,
  quantity_invalid: m.rejections_quantity_invalid,
  stopped: m.rejections_stopped,
  too_fast: m.rejections_too_fast,
  too_large: m.rejections_too_large,
  too_many_drafts: m.rejections_too_many_drafts,
  too_many_lines: m.rejections_too_many_lines,
  unreachable: m.rejections_unreachable,
  variant_missing: m.rejections_variant_missing,
  variant_unknown: m.rejections_variant_unknown,
  visit_over: m.rejections_visit_over,
};
