import { createContext } from "svelte";

/** Where what is shared leads to: each application opens these in its own way. */
export interface Ways {
  table(tableId: string, checkId: string | null): void;
  draft(draftId: string): void;
  charge(checkId: string): void;
}

export const [getWays, provideWays] = createContext<Ways>();
