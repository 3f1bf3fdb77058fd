import type { CheckView } from "$generated/vocabulary";

/** Whether what stands on the check since then was there when its last bill was printed: only a manager takes it off. */
export const isOnBill = (check: Pick<CheckView, "guest_check_at_ms">, sinceMs: number): boolean =>
  check.guest_check_at_ms > 0 && sinceMs <= check.guest_check_at_ms;
