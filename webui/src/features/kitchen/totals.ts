import type { TicketView, WaitingCourseView } from "$generated/vocabulary";
import { compareText } from "$lib/text";
import { extrasOf } from "./tickets";

/** How many of a dish are still to make, and with which choices. */
export interface Total {
  name: string;
  /** A size or sort is counted as a dish of its own: half a litre is no litre. */
  variant: string;
  quantity: number;
  choices: [name: string, quantity: number][];
}

const MOST_CHOICES = 3;

/** What is still to make over all open tickets, most first. */
export function totalsOf(tickets: readonly TicketView[]): Total[] {
  const dishes = new Map<string, Omit<Total, "choices"> & { choices: Map<string, number> }>();
  for (const line of tickets.flatMap((ticket) => (ticket.state === "open" ? ticket.lines : []))) {
    if (line.state !== "open") continue;
    const { name, variant_name: variant, quantity } = line;
    const key = `${name}\n${variant}`;
    const dish = dishes.get(key) ?? { name, variant, quantity: 0, choices: new Map() };
    dish.quantity += quantity;
    for (const choice of extrasOf(line)) dish.choices.set(choice, (dish.choices.get(choice) ?? 0) + quantity);
    dishes.set(key, dish);
  }
  return [...dishes.values()]
    .map((dish) => ({ ...dish, choices: mostOf(dish.choices).slice(0, MOST_CHOICES) }))
    .sort((a, b) => b.quantity - a.quantity || compareText(a.name, b.name) || compareText(a.variant, b.variant));
}

/** What was sent and waits for its course to be fired, by course; of one station, or of all. */
export function waitingOf(
  waiting: readonly WaitingCourseView[],
  stationId: string | null,
): [course: number, quantity: number][] {
  const courses = new Map<number, number>();
  for (const { course, quantities } of waiting) {
    for (const [station, quantity] of quantities) {
      if (stationId !== null && station !== stationId) continue;
      courses.set(course, (courses.get(course) ?? 0) + quantity);
    }
  }
  return [...courses].sort(([a], [b]) => a - b);
}

function mostOf(counts: Map<string, number>): [string, number][] {
  return [...counts].sort(([aName, a], [bName, b]) => b - a || compareText(aName, bName));
}
