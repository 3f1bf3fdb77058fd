import { request } from "$lib/api";
import type { Device } from "$lib/session.svelte";

/** How the edge says a pairing stands. */
export interface PairState {
  state: "waiting" | "approved" | "expired" | "revoked";
  device_id: string;
  role: string;
  name: string;
  station_id: string;
  drawer_id: string;
}

/** A pairing that was asked for: the code to compare, and the key the device keeps once it is approved. */
export interface PairStarted {
  pairing_id: string;
  code: string;
  key: string;
  expires_in_s: number;
}

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
