import Banknote from "@lucide/svelte/icons/banknote";
import CreditCard from "@lucide/svelte/icons/credit-card";
import Landmark from "@lucide/svelte/icons/landmark";
import * as m from "$lib/messages";
import type { Tender } from "./charging.svelte";

/** The ways to pay, each with its key. */
export const TENDERS: { tender: Tender; id: string; key: string; label: () => string; icon: typeof Banknote }[] = [
  { tender: "cash", id: "payments.cash", key: "F9", label: m.payments_cash, icon: Banknote },
  { tender: "transfer", id: "payments.transfer", key: "F10", label: m.payments_transfer, icon: Landmark },
  { tender: "card", id: "payments.card", key: "F11", label: m.payments_card, icon: CreditCard },
];
