import { alone } from "$lib/alone";
import type { App } from "$lib/app.svelte";

/** How this screen was set up; kept on the device. */
export interface Settings {
  /** A station's id, `all`, `expo`; empty = as it was paired, else ask. */
  place: string;
  isRow: boolean;
  isFar: boolean;
  hasTotals: boolean;
  volume: number;
}

export const DEFAULTS: Settings = { place: "", isRow: false, isFar: false, hasTotals: true, volume: 0.8 };
export const ALL = "all";
export const EXPO = "expo";
export const VOLUMES = { low: 0.3, middle: 0.6, high: 1 };

const KEY = "kds:settings";

export async function keptSettings(app: App): Promise<Settings> {
  return { ...DEFAULTS, ...(await app.work.get<Partial<Settings>>(KEY)) };
}

export function keepSettings(app: App, settings: Settings): void {
  alone(app.work.keep(KEY, settings));
}
