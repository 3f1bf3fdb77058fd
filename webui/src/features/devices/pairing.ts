import type { PairStarted, PairState } from "$generated/vocabulary";
import { request } from "$lib/api";
import type { Device } from "$lib/session.svelte";

/** Asks to be let in. Throws Problem. */
export function askPairing(app: string, deviceName: string): Promise<PairStarted> {
  return request("/devices/pairings", { body: { app, device_name: deviceName } });
}

/** How the pairing of this key stands. Throws Problem. */
export function pairState(key: string): Promise<PairState> {
  return request("/devices/pairings/mine", { token: key });
}

/** The paired device, as the session keeps it. */
export function deviceOf(key: string, state: PairState): Device {
  return { id: state.device_id, token: key, role: state.role, name: state.name, station_id: state.station_id };
}

/** A key handed over in the address (`#key=…`), taken out of it at once so that it stays in no history. */
export function keyInAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key) history.replaceState(null, "", location.pathname + location.search);
  return key;
}
