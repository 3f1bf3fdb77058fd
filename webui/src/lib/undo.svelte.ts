import { createContext } from "svelte";

/** Something done that can still be taken back. */
export interface Done {
  /** What was done: `Enviado: 3`. */
  text: string;
  undo: () => unknown;
  /** Nobody took it back: what was only put off happens now. */
  settle?: () => unknown;
}

/** The last thing that was done, for as long as it can be taken back: one at a time. */
export class Undo {
  current = $state.raw<Done | null>(null);

  offer(done: Done): void {
    this.settle();
    this.current = done;
  }

  take(): void {
    const done = this.current;
    this.current = null;
    void done?.undo();
  }

  /** The time is over, something else was done, or nobody looks any more. */
  settle(): void {
    const done = this.current;
    this.current = null;
    void done?.settle?.();
  }
}

/** `provideUndo(new Undo())` in the home screen; `getUndo()` below it. */
export const [getUndo, provideUndo] = createContext<Undo>();
