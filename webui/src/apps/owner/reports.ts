import type { SessionView, Today } from "$generated/vocabulary";
import { request } from "$lib/api";

/** Each throws Problem. */
export const hub = {
  who: () => request<SessionView>("/api/session"),
  signIn: (email: string, password: string) => request<SessionView>("/api/session", { body: { email, password } }),
  signOut: (csrf: string) => request<null>("/api/session", { method: "DELETE", headers: { "x-csrf-token": csrf } }),
  today: (venueId: string) =>
    request<Today>(venueId ? `/api/today?venue=${encodeURIComponent(venueId)}` : "/api/today"),
};
