export { default as ChoiceField } from "./ChoiceField.svelte";
export { default as ListField } from "./ListField.svelte";
export { default as MoneyField } from "./MoneyField.svelte";
export { default as NumberField } from "./NumberField.svelte";
export { default as SwitchField } from "./SwitchField.svelte";
export { default as TextField } from "./TextField.svelte";
