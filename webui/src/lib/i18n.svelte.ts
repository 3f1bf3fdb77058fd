import { baseLocale, isLocale, type Locale, locales, overwriteGetLocale } from "./paraglide/runtime.js";

export type { Locale };
export { locales };

const KEY = "hos-locale";
const current = $state<{ locale: Locale }>({ locale: baseLocale });

/** The language shown now; messages read in a component follow it. */
export function locale(): Locale {
  return current.locale;
}

/** Changes the language of the screen at once and keeps it for this browser. */
export function setLanguage(next: Locale): void {
  current.locale = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing still shows the language for as long as the page is open.
  }
}

/** Begins in the language chosen before, else the one the page asks for, else Spanish. Call once, before mounting. */
export function startLanguage(preferred?: string): void {
  overwriteGetLocale(() => current.locale);
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    kept = null;
  }
  const wanted = [kept, preferred].find((name) => name && isLocale(name)) ?? baseLocale;
  current.locale = wanted as Locale;
  document.documentElement.lang = current.locale;
}
