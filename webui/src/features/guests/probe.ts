/** Where a phone follows its visit. The edge says that it is over when it knows the phone in another one. */
export const eventsOf = (visitId: string): string => `/guest-api/events?visit=${encodeURIComponent(visitId)}`;

/**
 * Whether the edge says that this phone's visit is over. A stream that breaks does not say why; asked plainly, the edge
 * does. Null when nobody answered.
 */
export async function isVisitOver(visitId: string, get: typeof fetch = fetch): Promise<boolean | null> {
  const abort = new AbortController();
  try {
    const response = await get(eventsOf(visitId), { signal: abort.signal, cache: "no-store" });
    if (response.ok) return false;
    return ((await response.json()) as { code?: string }).code === "visit_over";
  } catch {
    return null;
  } finally {
    abort.abort();
  }
}
