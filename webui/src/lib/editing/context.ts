import { createContext } from "svelte";
import type { Editing } from "./editing.svelte";

// biome-ignore lint/suspicious/noExplicitAny: fields know paths, and nothing of the document
type AnyEditing = Editing<any>;

/** What the fields of a frame edit: `<EditorFrame>` provides it to all that stands in it. */
export const [getEditing, provideEditing] = createContext<AnyEditing>();
