import { now } from "$lib/clock.svelte";
import type { Link } from "$lib/feed";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import { ago, moment } from "$lib/time";

/** Why the hub takes no more of the log, by the sender's codes; one that is newer than this release has words too. */
const WHYS: Record<string, () => string> = {
  fork: m.common_link_why_differs,
  behind: m.common_link_why_behind,
  claim: m.common_link_why_other,
  fenced: m.common_link_why_other,
  refused: m.common_link_why_refused,
  forgot: m.common_link_why_forgot,
  too_large: m.common_link_why_too_large,
};

/** The link's face in a word or three. */
export function wordOf(link: Link): string {
  switch (link.face) {
    case "live":
      return m.common_link_live();
    case "stale":
      return m.common_link_stale({ ago: ago(link.silentMs, locale()) });
    case "stuck":
      return m.common_link_stuck();
    case "refused":
      return m.common_link_refused();
    case "no_internet":
      return m.common_link_no_internet();
    case "hub_away":
      return m.common_link_hub_away();
    default:
      return m.common_link_no_edge();
  }
}

/** What there is to say of a trouble beside its word: what, since when, what waits. Null when the word says it all. */
export function troubleOf({ face, hub, stuckSinceMs }: Link): { what: string; waiting: string } | null {
  const at = moment(face === "stuck" ? stuckSinceMs : hub.since_ms, now());
  switch (face) {
    case "stuck":
      return { what: m.common_link_stuck_more({ at }), waiting: "" };
    case "no_internet":
      return { what: m.common_link_no_internet_more({ at }), waiting: "" };
    case "hub_away":
      return { what: m.common_link_hub_away_more({ at }), waiting: "" };
    case "refused": {
      const why = (WHYS[hub.why] ?? m.common_link_why_unknown)();
      return { what: m.common_link_refused_more({ at, why }), waiting: waitingOf(hub.waiting) };
    }
    default:
      return null;
  }
}

function waitingOf(count: number): string {
  if (count === 0) return m.common_link_refused_nothing();
  return m.common_link_refused_waiting({ count });
}
