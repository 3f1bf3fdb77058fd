import { createSubscriber } from "svelte/reactivity";

let offset: () => number = () => 0;

const everySecond = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** The edge's time, for reading ages; what reads it in a component is drawn again each second. */
export function now(): number {
  everySecond();
  return Date.now() + offset();
}

/** Tells the clock how far this device is from the edge's time. */
export function correctClock(difference: () => number): void {
  offset = difference;
}
