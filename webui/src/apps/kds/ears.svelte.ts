import { isAlarming } from "$features/attention/queue";
import { isLate, type ShownTicket } from "$features/kitchen/tickets";
import { now } from "$lib/clock.svelte";
import * as m from "$lib/messages";
import { titleOf } from "$lib/words/kitchen";
import type { Kitchen } from "./kitchen.svelte";

interface Heard {
  changedAtMs: number;
  isLate: boolean;
}

/** The screen's sounds, each with words: what came, what changed, what grew late, and that nothing is heard any more. */
export class Ears {
  /** The last arrival, said aloud to those who do not see it. */
  said = $state("");
  /** The alarm sounds and nobody said *Entendido* yet. */
  needsCalm = $state(false);
  #isLost = false;
  #heard: Map<string, Heard> | null = null;

  constructor(readonly kitchen: Kitchen) {}

  /** Rings for what is new; call inside an effect. */
  follow(): void {
    const nowMs = now();
    const before = this.#heard;
    const next = new Map<string, Heard>();
    for (const ticket of this.kitchen.tickets) {
      const was = before?.get(ticket.ticket_id);
      const heard = { changedAtMs: ticket.changed_at_ms, isLate: isLate(ticket, nowMs) };
      next.set(ticket.ticket_id, heard);
      if (before) this.#ring(ticket, was, heard);
    }
    // What was there when the screen started is no news.
    if (this.kitchen.app.views.isFresh) this.#heard = next;
  }

  /** The fault cue again and again while the edge is lost, until somebody says so or it is back. */
  followLink(): void {
    const isLost = this.kitchen.app.link.face === "no_edge";
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    this.needsCalm = isLost;
    this.followFaults();
  }

  /** The fault cue again and again while tickets do not reach this station and nobody sees to it; call inside an effect. */
  followFaults(): void {
    if (this.needsCalm || isAlarming(this.kitchen.faults)) this.kitchen.sound.alarm();
    else this.kitchen.sound.calm();
  }

  /** *Entendido*: the lost edge is known. A fault that nobody took goes on. */
  calm(): void {
    this.needsCalm = false;
    this.followFaults();
  }

  #ring(ticket: ShownTicket, was: Heard | undefined, is: Heard): void {
    const { sound } = this.kitchen;
    if (ticket.state !== "open") return;
    if (!was) {
      sound.play("ticket");
      this.said = m.kds_arrived({ label: titleOf(ticket), first: ticket.lines[0]?.name ?? "" });
    } else if (is.changedAtMs > was.changedAtMs) {
      sound.play("change");
      this.said = m.kds_arrived_change({ label: titleOf(ticket) });
    } else if (is.isLate && !was.isLate) {
      sound.play("ticket");
    }
  }
}
