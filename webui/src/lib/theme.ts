export type Theme = "light" | "dark" | "system";
export type DeviceSize = "guest" | "phone" | "tablet" | "pos" | "kds" | "kds-far" | "owner";

const KEY = "hos-theme";
const dark = () => globalThis.matchMedia?.("(prefers-color-scheme: dark)");
const bar = { light: "#F6F2EA", dark: "#10110F" };

/** The theme kept for this application, or its default. */
export function keptTheme(app: string, preset: Theme): Theme {
  try {
    const kept = localStorage.getItem(`${KEY}-${app}`);
    return kept === "light" || kept === "dark" || kept === "system" ? kept : preset;
  } catch {
    return preset;
  }
}

/** Paints the page in a theme and keeps it for this application. */
export function setTheme(app: string, theme: Theme): void {
  paint(theme);
  try {
    localStorage.setItem(`${KEY}-${app}`, theme);
  } catch {
    // Painted all the same; only not remembered.
  }
}

/** Sets theme and sizes before the first paint, and follows the system where the theme says so. */
export function startTheme(app: string, { preset, device }: { preset: Theme; device: DeviceSize }): void {
  document.documentElement.dataset.device = device;
  paint(keptTheme(app, preset));
  dark()?.addEventListener("change", () => paint(keptTheme(app, preset)));
}

function paint(theme: Theme): void {
  const shown = theme === "system" ? (dark()?.matches ? "dark" : "light") : theme;
  document.documentElement.dataset.theme = shown;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", bar[shown]);
}
