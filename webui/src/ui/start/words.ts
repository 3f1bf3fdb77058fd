import * as m from "$lib/messages";
import type { Cause } from "$lib/trouble";

/** What is wrong with a device that cannot keep anything, and what may help. */
export const CAUSE_WORDS: Record<Cause, { title: () => string; hint: () => string }> = {
  refused: { title: m.device_refused, hint: m.device_refused_hint },
  full: { title: m.device_full, hint: m.device_full_hint },
  broken: { title: m.device_broken, hint: m.device_broken_hint },
  silent: { title: m.device_silent, hint: m.device_silent_hint },
  failed: { title: m.device_failed, hint: m.device_failed_hint },
};
