import type { ErrandSpec } from "$lib/actions.svelte";
import type { App } from "$lib/app.svelte";
import { ask } from "$lib/asks";
import * as m from "$lib/messages";

/** Whoever works here goes: signed out at the edge, now or when it is there again, and locked here at once. */
export function lockSpec(app: App, { id, before }: { id: string; before?: () => void }): ErrandSpec<undefined> {
  return {
    id,
    label: m.common_lock,
    run: async () => {
      before?.();
      const session = app.session.person?.session;
      if (session) await app.do(ask("sign_out", { session_id: session }));
      await app.session.lock();
    },
  };
}
