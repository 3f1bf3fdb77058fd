import type { PrinterView } from "$generated/vocabulary";
import { now } from "../clock.svelte";
import { locale } from "../i18n.svelte";
import * as m from "../messages";
import { ago } from "../time";

const FAULTS: Record<string, () => string> = {
  paper_out: m.printing_paper_out,
  cover_open: m.printing_cover_open,
  offline: m.printing_offline,
  error: m.printing_error,
  slow: m.printing_slow,
  unconfirmed: m.printing_unconfirmed,
};

/** `Sin papel` for `paper_out`. */
export function faultWord(fault: string): string {
  return (FAULTS[fault] ?? m.printing_error)();
}

/** `Sin papel hace 1 min`. */
export function faultSince(printer: PrinterView): string {
  return m.printing_fault_since({
    what: faultWord(printer.fault),
    ago: ago(now() - printer.fault_since_ms, locale()),
  });
}
