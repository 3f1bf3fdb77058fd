import type { Today } from "$generated/vocabulary";

/** The last figures of each view, kept on this browser so that the app opens with no network. */
const KEY = "hos-owner:";
export const ENTERED = `${KEY}entered`;

/** Who the kept figures are of, as the header shows it. */
export interface Kept {
  name: string;
  tenantName: string;
  today: Today;
}

export function keepToday(venueId: string, kept: Kept): void {
  try {
    localStorage.setItem(KEY + venueId, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing shows figures for as long as the page is open.
  }
}

export function keptToday(venueId: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(KEY + venueId) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

/** Remembers that somebody signed in on this browser: the cookie itself no script can see. */
export function keepEntered(): void {
  try {
    localStorage.setItem(ENTERED, "1");
  } catch {
    // Then it asks the hub at every start.
  }
}

/** Whether it is worth asking the hub who is signed in. */
export function hasEntered(): boolean {
  try {
    return localStorage.getItem(ENTERED) !== null;
  } catch {
    return true;
  }
}

/** Nobody who opens this browser next sees them. */
export function forgetKept(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(KEY)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
