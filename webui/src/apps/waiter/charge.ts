import type { Component } from "svelte";
import type { CheckView } from "$generated/vocabulary";

type ChargeProps = { check: CheckView; onclose: () => void };
const found = import.meta.glob<{ default: Component<ChargeProps> }>("../../features/payments/Charge.svelte");
const load = Object.values(found)[0];

/** Whether this build can charge at the table. */
export const canCharge = load !== undefined;

/** The screen that takes payments, brought only when it is opened. */
export async function loadCharge(): Promise<Component<ChargeProps> | null> {
  return load ? (await load()).default : null;
}
