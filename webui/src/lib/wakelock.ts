import { alone } from "./alone";
/** Keeps the screen on while it is visible. Returns a function that lets it sleep again; does nothing where it cannot. */
export function keepAwake(): () => void {
  let held: WakeLockSentinel | null = null;
  let wanted = true;
  const take = async () => {
    if (!wanted || document.visibilityState !== "visible" || (held && !held.released)) return;
    try {
      held = (await navigator.wakeLock?.request("screen")) ?? null;
      if (!wanted) alone(held?.release());
    } catch {
      held = null; // A low battery or a policy said no; asked again when the screen is next shown.
    }
  };
  const retake = () => alone(take());
  document.addEventListener("visibilitychange", retake);
  retake();
  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", retake);
    alone(held?.release());
  };
}
