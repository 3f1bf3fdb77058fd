import type { Attention, VenueAge } from "$generated/vocabulary";
import { Problem } from "$lib/api";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import { wordsFrom } from "$lib/rejections";
import { ago, clockTime } from "$lib/time";

const words = wordsFrom(
  {
    sign_in_wrong: m.owner_sign_in_wrong,
    too_fast: m.owner_too_fast,
    busy: m.owner_busy,
    csrf_invalid: m.owner_csrf,
    needs_sign_in: m.owner_ended,
    unreachable: m.owner_unreachable,
  },
  m.owner_failed,
);

/** What went wrong, for the person who asked. */
export function problemWords(error: unknown): string {
  return error instanceof Problem ? words(error.code, error.facts) : words("failed");
}

/** `jueves` of a business day. */
export function weekday(businessDay: string): string {
  const [year = 1970, month = 1, day = 1] = businessDay.split("-").map(Number);
  const names = new Intl.DateTimeFormat(locale() === "en" ? "en-GB" : "es-AR", { weekday: "long", timeZone: "UTC" });
  return names.format(Date.UTC(year, month - 1, day));
}

/** `+8% vs jueves anterior a esta hora`; `wasSold` says whether that day sold anything at all. */
export function versus(change: number | null, businessDay: string, wasSold = false): string {
  const day = weekday(businessDay);
  if (change === null) return wasSold ? m.owner_versus_later({ weekday: day }) : m.owner_versus_none({ weekday: day });
  if (change === 0) return m.owner_versus_equal({ weekday: day });
  return m.owner_versus({ change: `${change > 0 ? "+" : "−"}${Math.abs(change)}%`, weekday: day });
}

/** How far behind a venue is: `hace 12 min`. */
export function ageWords(age: VenueAge, nowMs: number): string {
  if (age.trouble) return m.owner_age_trouble();
  if (age.last_seen_ms === 0) return m.owner_age_never();
  if (age.is_silent) return ago(nowMs - age.last_seen_ms, locale());
  return m.owner_age_behind({ count: age.behind_entries });
}

/** What is to be looked at, in a line. */
export function attentionWords(one: Attention): string {
  if (one.kind === "drawer" && one.name === "") {
    return one.amount_minor < 0 ? m.owner_attention_purse_short() : m.owner_attention_purse_over();
  }
  if (one.kind === "drawer") {
    return one.amount_minor < 0
      ? m.owner_attention_short({ name: one.name })
      : m.owner_attention_over({ name: one.name });
  }
  if (one.kind === "backup") return backupWords(one.name);
  if (one.kind === "void") return m.owner_attention_void({ name: one.name });
  if (one.kind === "trouble") return m.owner_attention_trouble({ code: one.name });
  return one.at_ms > 0 ? m.owner_attention_silent({ at: clockTime(one.at_ms) }) : m.owner_attention_never();
}

/** Which part of a backup failed: `copy_no_room`, `check_wrong`, `second_missing`. */
function backupWords(name: string): string {
  if (name.startsWith("copy_")) return m.owner_attention_backup_copy();
  return name.startsWith("check_") ? m.owner_attention_backup_check() : m.owner_attention_backup_second();
}
