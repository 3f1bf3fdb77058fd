/** Every message as a function: `import { waiter_title } from "$lib/messages"`. Only those imported reach a bundle. */
export * from "./paraglide/messages.js";
