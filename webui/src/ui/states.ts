import AlarmClock from "@lucide/svelte/icons/alarm-clock";
import Ban from "@lucide/svelte/icons/ban";
import BellRing from "@lucide/svelte/icons/bell-ring";
import Circle from "@lucide/svelte/icons/circle";
import Flame from "@lucide/svelte/icons/flame";
import Gift from "@lucide/svelte/icons/gift";
import Hand from "@lucide/svelte/icons/hand";
import OctagonAlert from "@lucide/svelte/icons/octagon-alert";
import Pause from "@lucide/svelte/icons/pause";
import Receipt from "@lucide/svelte/icons/receipt";
import Smartphone from "@lucide/svelte/icons/smartphone";
import Timer from "@lucide/svelte/icons/timer";
import type { Component } from "svelte";
import * as m from "$lib/messages";

export type StateName =
  | "draft"
  | "call"
  | "cook"
  | "ready"
  | "bill"
  | "warn"
  | "late"
  | "failed"
  | "comp"
  | "void"
  | "held"
  | "free";

export interface StateLook {
  word: () => string;
  icon: Component<{ size?: number | string; "aria-hidden"?: "true" }>;
  /** Text on the tint, the tint, and the edge that tells it apart in grey. */
  look: string;
  /** The fill of its lomo. */
  fill: string;
}

/** Each state's four cues: word, icon, edge, colour. */
export const STATES: Record<StateName, StateLook> = {
  draft: {
    word: m.common_state_draft,
    icon: Smartphone,
    look: "bg-draft-tint text-draft-ink border-2 border-dashed border-draft-ink",
    fill: "var(--color-draft)",
  },
  call: {
    word: m.common_state_call,
    icon: Hand,
    look: "bg-draft-tint text-draft-ink border-2 border-draft-ink",
    fill: "var(--color-draft)",
  },
  cook: {
    word: m.common_state_cook,
    icon: Flame,
    look: "bg-cook-tint text-cook-ink border-2 border-cook-ink",
    fill: "var(--color-cook)",
  },
  ready: {
    word: m.common_state_ready,
    icon: BellRing,
    look: "bg-ready-tint text-ready-ink border-4 border-double border-ready-ink",
    fill: "var(--color-ready)",
  },
  bill: {
    word: m.common_state_bill,
    icon: Receipt,
    look: "bg-warn-tint text-warn-ink border-2 border-warn-ink notched",
    fill: "var(--color-warn)",
  },
  warn: {
    word: m.common_state_warn,
    icon: Timer,
    look: "bg-warn-tint text-warn-ink border-2 border-warn-ink",
    fill: "var(--color-warn)",
  },
  late: {
    word: m.common_state_late,
    icon: AlarmClock,
    look: "bg-late-tint text-late-ink border-4 border-late-ink",
    fill: "var(--color-late)",
  },
  failed: {
    word: m.common_state_failed,
    icon: OctagonAlert,
    look: "bg-late-tint text-late-ink border-4 border-late-ink",
    fill: "var(--color-late)",
  },
  comp: {
    word: m.common_state_comp,
    icon: Gift,
    look: "bg-comp-tint text-comp-ink border-2 border-comp-ink",
    fill: "var(--color-brand)",
  },
  void: {
    word: m.common_state_void,
    icon: Ban,
    look: "bg-mute-tint text-mute-ink border-2 border-mute-ink line-through",
    fill: "var(--color-edge)",
  },
  held: {
    word: m.common_state_held,
    icon: Pause,
    look: "bg-transparent text-mute-ink border-2 border-dashed border-edge",
    fill: "transparent",
  },
  free: {
    word: m.common_state_free,
    icon: Circle,
    look: "bg-transparent text-ink-3 border-2 border-edge",
    fill: "transparent",
  },
};
