import { alone } from "$lib/alone";
import { backoff } from "$lib/backoff";
import type { Answer, Command, Fact } from "$lib/outbox";
import type { Outgoing } from "./visit";

const URL = "/guest-api/commands";
/** The edge takes all commands of a request or none, and four calls are the most it takes at once. */
const AT_ONCE = 4;
const TIMEOUT_MS = 10_000;

export interface PostSettings {
  /** What waits, oldest first; the post never keeps a list of its own. */
  waiting: () => Outgoing[];
  /** Told that these are about to travel; writes it down before they do. */
  ontry: (ids: string[]) => void;
  /** Told what the edge answered, once for each command. */
  onanswer: (answer: Answer) => void;
  onreach?: (isReached: boolean) => void;
  fetch?: typeof fetch;
  chance?: () => number;
  later?: (run: () => void, ms: number) => () => void;
}

type Sent = { answers: Answer[] } | { retryMs: number | null };

/**
 * Sends what waits, in order, until each command has its answer. A command keeps its id, so an answer that was lost is
 * asked again and the edge does nothing twice.
 */
export class Post {
  #isBusy = false;
  #attempts = 0;
  #cancel: (() => void) | null = null;

  constructor(private readonly settings: PostSettings) {}

  /** Sends now: something new waits, or the link is back. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (await this.#sendSome());
    } finally {
      this.#isBusy = false;
    }
  }

  stop(): void {
    this.#cancel?.();
  }

  async #sendSome(): Promise<boolean> {
    const batch = this.settings.waiting().slice(0, AT_ONCE);
    if (batch.length === 0) return false;
    const commands = batch.map((one) => one.command);
    this.settings.ontry(commands.map((command) => command.id));
    const sent = await this.#send(commands);
    if ("retryMs" in sent) {
      this.#wait(sent.retryMs);
      return false;
    }
    this.#attempts = 0;
    for (const answer of sent.answers) this.settings.onanswer(answer);
    return sent.answers.length > 0;
  }

  #wait(askedMs: number | null): void {
    const chance = this.settings.chance ?? Math.random;
    const ms = askedMs ?? 500 + backoff(this.#attempts, chance());
    this.#attempts += 1;
    const later = this.settings.later ?? afterwards;
    this.#cancel = later(() => alone(this.flush()), ms);
  }

  async #send(commands: Command[]): Promise<Sent> {
    const { onreach } = this.settings;
    let response: Response;
    let body: Body | null;
    try {
      response = await (this.settings.fetch ?? fetch)(URL, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ commands }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      body = (await response.json()) as Body | null;
    } catch {
      onreach?.(false); // Nobody answered, or not in our words: a captive portal, a proxy. It may have been done.
      return { retryMs: null };
    }
    if (response.status >= 500 && !body?.answers) {
      onreach?.(false);
      return { retryMs: null };
    }
    onreach?.(true);
    return read(body, commands);
  }
}

interface Body {
  answers?: Answer[];
  code?: string;
  facts?: Record<string, Fact>;
}

/** One answer for each command: the edge's own, or the refusal of the whole request. */
function read(body: Body | null, commands: Command[]): Sent {
  if (body?.answers) {
    const known = new Map(body.answers.map((answer) => [answer.id, answer]));
    return { answers: commands.flatMap(({ id }) => known.get(id) ?? []) };
  }
  const code = body?.code ?? "failed";
  const facts = body?.facts ?? {};
  if (code === "too_fast") return { retryMs: 1000 * Math.max(1, Number(facts.retry_after_s ?? 5)) };
  return { answers: commands.map(({ id }) => ({ id, outcome: "refused", code, facts })) };
}

function afterwards(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
