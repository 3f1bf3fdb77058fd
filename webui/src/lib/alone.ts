/**
 * Lets work go on by itself, with nobody waiting. What goes wrong in it is a fault of ours, and not lost: the window
 * hears of it as of any other, and `OwnFault` tells the person.
 */
export function alone(work: Promise<unknown> | undefined): void {
  work?.catch((error: unknown) => reportError(error));
}
