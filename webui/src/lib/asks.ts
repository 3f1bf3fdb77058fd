import type { Commands, DraftView, LineAsk } from "$generated/vocabulary";
import { newId } from "./ids";
import type { Ask } from "./outbox";

/** A command by its name, its body checked against the vocabulary. */
export function ask<Name extends keyof Commands>(name: Name, body: Commands[Name]): Ask {
  return { name, body };
}

/** Confirms a draft and gives it to the kitchen, in one request. `lines` only when the waiter edited it. */
export function confirmAsks(
  draft: Pick<DraftView, "draft_id" | "check_id" | "lines">,
  how: { lines?: LineAsk[]; covers?: number; fireAll?: boolean; checkId?: string } = {},
): Ask[] {
  const checkId = how.checkId || draft.check_id || newId();
  const lineIds = (how.lines ?? draft.lines).map((line) => line.line_id);
  return [
    ask("confirm_draft", {
      draft_id: draft.draft_id,
      check_id: checkId,
      lines: how.lines ?? null,
      covers: how.covers ?? 0,
    }),
    ask("send_lines", { check_id: checkId, line_ids: lineIds, fire_all: how.fireAll ?? false }),
  ];
}
