import type { Wish } from "$features/guests/visit";
import { guest_taken_off } from "$lib/messages";
import type { Undo } from "$lib/undo.svelte";
import { withLineBack, withQuantity } from "./cart";
import type { Guest } from "./guest.svelte";

/** Takes a line off the cart; a slip of the finger gets it back with all that was chosen on it. */
export function takeOff(guest: Guest, undo: Undo, { line, name }: { line: Wish; name: string }): void {
  const kept = { ...line, modifier_ids: [...line.modifier_ids], allergies: [...line.allergies] };
  const place = guest.kept.cart.lines.findIndex((one) => one.line_id === kept.line_id);
  guest.setCart(withQuantity(guest.kept.cart, kept.line_id, 0));
  undo.offer({
    text: guest_taken_off({ name }),
    undo: () => guest.setCart(withLineBack(guest.kept.cart, kept, place)),
  });
}
