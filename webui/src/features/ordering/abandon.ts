import type { CheckView, Views } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import * as m from "$lib/messages";
import type { ViewStore } from "$lib/store.svelte";
import { openChecksOf } from "./asks";

/** Whether nothing stands on an open check and nothing was paid: its party may leave as if it had not come. */
export function isEmpty(check: CheckView): boolean {
  return check.state === "open" && check.paid_minor === 0 && check.lines.every((line) => line.stage === "void");
}

/** What ending it is called: a table is freed, unless another check stands on it. */
export function abandonWord(check: CheckView, checks: CheckView[]): { label: string; title: string } {
  const isAlone = openChecksOf(check.table_id, checks).every((one) => one.check_id === check.check_id);
  if (check.table_id && isAlone)
    return { label: m.ordering_abandon(), title: m.ordering_abandon_title({ label: check.table_label }) };
  return { label: m.ordering_abandon_check(), title: m.ordering_abandon_check_title({ number: check.number }) };
}

/** Why an empty check cannot be ended now: something is typed for it or waits for an answer, or it may not be asked. */
export function whyStays(check: CheckView, typed: number, app: App, views: ViewStore<Views>): string | null {
  if (typed > 0) return m.ordering_abandon_typed({ count: typed });
  const isAsked = views
    .all("draft")
    .some(
      (one) => one.visit_id !== "" && one.visit_id === check.visit_id && ["submitted", "claimed"].includes(one.state),
    );
  if (isAsked) return m.ordering_abandon_request();
  if (!app.session.may("take_orders")) return m.common_needs_permission();
  return app.isReachable ? null : m.common_needs_edge();
}
