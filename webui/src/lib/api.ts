import type { Fact } from "./outbox";

/** A refusal or a failure of a request, with the code that `rejections.ts` has words for. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly facts: Record<string, Fact> = {},
  ) {
    super(code);
  }

  /** Whether nobody answered: the edge may or may not have done it. */
  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

export interface RequestSettings {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Sent as JSON; a file as it is. */
  body?: unknown;
  token?: string | null;
  timeoutMs?: number;
  headers?: Record<string, string>;
}

/**
 * One request and its JSON.
 *
 * Throws Problem: with the body's code and facts on 4xx and 5xx, with status 0 and code `unreachable` when nobody answered.
 */
export async function request<Body>(path: string, settings: RequestSettings = {}): Promise<Body> {
  const {
    method = settings.body === undefined ? "GET" : "POST",
    body,
    token,
    timeoutMs = 8000,
    headers = {},
  } = settings;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(path, {
      method,
      signal: abort.signal,
      headers: {
        accept: "application/json",
        ...(body === undefined || body instanceof Blob ? {} : { "content-type": "application/json" }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = parse(text);
    if (response.ok) return json as Body;
    const problem = (json ?? {}) as { code?: string; facts?: Record<string, Fact> };
    throw new Problem(response.status, problem.code ?? "failed", problem.facts ?? {});
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0, "unreachable");
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
