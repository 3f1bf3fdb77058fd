/** The first choice that a dish still lacks, in the strip of its options. */
function missingIn(strip: HTMLElement | undefined): HTMLButtonElement | null {
  return strip?.querySelector<HTMLButtonElement>("fieldset[data-missing] button") ?? null;
}

/** Puts the keyboard on the choice that is missing; false when nothing is. */
export function toMissing(strip: HTMLElement | undefined): boolean {
  const button = missingIn(strip);
  button?.focus();
  return button !== null;
}

/** Whether this choice answers a question that had no answer. */
export function answersMissing(event: Event): boolean {
  return (event.target as HTMLElement).closest("fieldset[data-missing]") !== null;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Arrows go from one button of a group to the next, and stop at its ends. */
export function arrows(event: KeyboardEvent, group: HTMLElement | undefined): void {
  const by = STEPS[event.key];
  if (!by || !group) return;
  const buttons = [...group.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const place = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (place < 0) return;
  event.preventDefault();
  buttons[Math.min(buttons.length - 1, Math.max(0, place + by))]?.focus();
}
