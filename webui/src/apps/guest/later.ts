/** What a guest needs after the first look: fetched once the menu is drawn, so that the menu is drawn sooner. */
export { default as BillScreen } from "./BillScreen.svelte";
export { default as CallSheet } from "./CallSheet.svelte";
export { default as DishSheet } from "./DishSheet.svelte";
export { default as OrderScreen } from "./OrderScreen.svelte";
