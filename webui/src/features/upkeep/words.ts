import type { BackupView } from "$generated/vocabulary";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import { ago } from "$lib/time";

/** A good backup is made at least once in a day that the box is on; older than this, somebody must look. */
export const OLD_MS = 3 * 24 * 3_600_000;

const WHY: Record<string, () => string> = {
  no_room: m.upkeep_no_room,
  wrong: m.upkeep_wrong,
  missing: m.upkeep_missing,
};

/** What is wrong with the venue's backups, in a sentence or two; empty when nothing is. */
export function backupTrouble(backup: BackupView, nowMs: number): string {
  const fault = faultOf(backup);
  const age = nowMs - backup.good_at_ms;
  if (!fault) return backup.good_at_ms > 0 && age > OLD_MS ? m.upkeep_old({ ago: ago(age, locale()) }) : "";
  if (backup.good_at_ms === 0) return `${fault} ${m.upkeep_never()}`;
  return `${fault} ${m.upkeep_good({ ago: ago(age, locale()) })}`;
}

function faultOf(backup: BackupView): string {
  if (backup.copied) return m.upkeep_copy({ why: (WHY[backup.copied] ?? m.upkeep_disk)() });
  if (backup.checked) return m.upkeep_check({ why: (WHY[backup.checked] ?? m.upkeep_broke_off)() });
  if (backup.second && backup.second !== "unset")
    return m.upkeep_second({ why: (WHY[backup.second] ?? m.upkeep_disk)() });
  return "";
}
