/** Where a person stands: on which screen, and how many steps from the first one. */
export interface Stand {
  depth: number;
  key: string;
}

/**
 * When another screen opens, focus goes to its h1: a reader begins there, and the keys are nowhere else. When a person
 * comes back, it goes to what opened the screen they left. A screen that puts it into a field of its own keeps it there.
 * Call it while a component is made.
 */
export function followFocus(where: () => Stand): void {
  const openers: string[] = [];
  let last: Stand | null = null;
  let left: { opener: Element | null; back: string } | null = null;
  $effect.pre(() => {
    const next = where();
    const before = last;
    last = next;
    if (before === null || before.key === next.key) return;
    const opener = document.activeElement;
    if (next.depth > before.depth) openers[before.depth] = nameOf(opener);
    left = { opener, back: next.depth < before.depth ? (openers[next.depth] ?? "") : "" };
  });
  $effect(() => {
    where();
    if (left === null) return;
    const { opener, back } = left;
    left = null;
    const now = document.activeElement;
    if (now === opener || now === document.body || now === null)
      (named(back) ?? heading())?.focus({ preventScroll: true });
  });
}

/** What an element is called, so that it is found again after its list was drawn anew; "" for one without a name. */
function nameOf(element: Element | null): string {
  if (!element || element === document.body) return "";
  return `${element.tagName} ${element.getAttribute("aria-label") ?? element.id ?? ""} ${element.textContent?.trim()}`;
}

function named(name: string): HTMLElement | null {
  if (!name) return null;
  const all = document.querySelectorAll<HTMLElement>("button, a[href], [tabindex]");
  return [...all].find((element) => nameOf(element) === name) ?? null;
}

function heading(): HTMLElement | null {
  const found = document.querySelector<HTMLElement>("h1");
  if (found && !found.hasAttribute("tabindex")) found.tabIndex = -1;
  return found;
}
