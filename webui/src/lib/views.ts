import type { Views } from "$generated/vocabulary";
import { getApp } from "./app.svelte";
import type { ViewStore } from "./store.svelte";

/** The views of this device, each kind with its type. Call while a component is being made. */
export function staffViews(): ViewStore<Views> {
  return getApp().views;
}
