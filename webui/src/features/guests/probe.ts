/**
 * Whether the edge says that this phone's visit is over. A stream that breaks does not say why; asked plainly, the edge
 * does. Null when nobody answered.
 */
export async function isVisitOver(get: typeof fetch = fetch): Promise<boolean | null> {
  const abort = new AbortController();
  try {
    const response = await get("/guest-api/events", { signal: abort.signal, cache: "no-store" });
    if (response.ok) return false;
    return ((await response.json()) as { code?: string }).code === "visit_over";
  } catch {
    return null;
  } finally {
    abort.abort();
  }
}
