import { type CommandAnswer, ENDING_BYES } from "$generated/vocabulary";
import { alone } from "./alone";
import { backoff } from "./backoff";
import { newId } from "./ids";
import type { Change, Shelf } from "./shelf";

export type Fact = string | number | boolean | string[] | null;

/** A command as it travels. Its id never changes, so that sending it twice does it once. */
export interface Command {
  id: string;
  name: string;
  body: Record<string, unknown>;
  asked_at_ms: number;
  staff_session?: string;
  approval?: string;
}

export interface Ask {
  name: string;
  body: object;
  /** Only to ask again for a command whose id matters: an approval names it. */
  id?: string;
  approval?: string;
}

/** What the edge said to one command; what stands at its default does not travel. */
export type Answer = Pick<CommandAnswer, "id" | "outcome"> & Partial<CommandAnswer>;

/** A command waiting on this device. `place` is its place in the queue; a group travels in one request. */
export interface Kept {
  place: number;
  group: string;
  command: Command;
}

/** A command the edge said no to, kept with what was typed until a person decides. */
export interface Refused {
  command: Command;
  group: string;
  code: string;
  facts: Record<string, Fact>;
  at_ms: number;
}

/** Commands sent at once whose answer never came. Ask again with the same ids to learn what became of them. */
export interface Doubt {
  id: string;
  commands: Command[];
  at_ms: number;
}

export type Called =
  | { state: "answered"; answers: Answer[] }
  | { state: "unknown"; doubt: Doubt }
  | { state: "unpaired" };

export type OutboxNews =
  | { type: "kept"; commands: Command[] }
  | { type: "done"; command: Command; seq: number }
  | { type: "refused"; refused: Refused }
  | { type: "tray" }
  | { type: "unpaired"; code: string }
  | { type: "signed_out"; session: string }
  | { type: "reached"; ok: boolean };

export interface OutboxSettings {
  shelf: Shelf;
  token: () => string | null;
  staffSession?: () => string | null;
  /** Whether a person must first say what becomes of what waits. */
  isHeld?: () => boolean;
  serverNow?: () => number;
  url?: string;
  fetch?: typeof fetch;
  chance?: () => number;
  callTimeoutMs?: number;
}

const BATCH = 50;
const FAULTS_BEFORE_TRAY = 5;
const RETRIED = new Set([429, 500, 502, 503, 504]);

type Sent =
  | { kind: "answers"; answers: Answer[] }
  | { kind: "later"; afterMs?: number; fault: boolean }
  | { kind: "unpaired"; code: string }
  | { kind: "bad"; code: string; facts: Record<string, Fact> };

/** Keeps commands on the device until the edge has answered each of them, once, in the order they were asked. */
export class Outbox {
  readonly #settings: OutboxSettings;
  readonly #listeners = new Set<(news: OutboxNews) => void>();
  #draining: Promise<void> | null = null;
  #again = false;
  #attempts = 0;
  #faults = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #unpaired = false;
  #lastPlace = 0;

  constructor(settings: OutboxSettings) {
    this.#settings = settings;
  }

  /** How many commands wait on this device. */
  get pendingCount(): number {
    return this.#shelf.count("outbox");
  }

  subscribe(listener: (news: OutboxNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to send what an earlier run left. */
  start(): void {
    globalThis.addEventListener?.("online", this.poke);
    globalThis.document?.addEventListener("visibilitychange", this.poke);
    this.poke();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.("online", this.poke);
    globalThis.document?.removeEventListener("visibilitychange", this.poke);
  }

  /**
   * Keeps commands and sends them when it can: resolved once they are safe on the device, or once the shelf has said
   * that it could not write them. Several travel together, in order.
   */
  async enqueue(asks: Ask | Ask[], { askedAtMs }: { askedAtMs?: number } = {}): Promise<Command[]> {
    const commands = this.prepare(asks, { askedAtMs });
    const group = commands[0]?.id ?? "";
    const kept = commands.map((command): Change => {
      const place = this.#nextPlace();
      return { store: "outbox", key: place, value: { place, group, command } };
    });
    await this.#shelf.write(...kept);
    this.#tell({ type: "kept", commands });
    this.poke();
    return commands;
  }

  /** Commands with their ids, not sent: for one that needs an approval, which names its id. */
  prepare(asks: Ask | Ask[], { askedAtMs }: { askedAtMs?: number } = {}): Command[] {
    const at = askedAtMs ?? this.#settings.serverNow?.() ?? Date.now();
    const session = this.#settings.staffSession?.();
    return (Array.isArray(asks) ? asks : [asks]).map((ask) => ({
      id: ask.id ?? newId(),
      name: ask.name,
      body: JSON.parse(JSON.stringify(ask.body)) as Record<string, unknown>,
      asked_at_ms: Math.round(at),
      ...(session ? { staff_session: session } : {}),
      ...(ask.approval ? { approval: ask.approval } : {}),
    }));
  }

  /**
   * Asks now and waits for the answer: for money and approvals, which are never queued.
   * `unknown` means that no answer came; call again with the same commands to learn what became of them.
   */
  async callNow(asks: Ask | Ask[] | Command[], { timeoutMs }: { timeoutMs?: number } = {}): Promise<Called> {
    const commands = isPrepared(asks) ? asks : this.prepare(asks);
    const doubt: Doubt = { id: commands[0]?.id ?? "", commands, at_ms: Date.now() };
    await this.#shelf.write({ store: "doubt", key: doubt.id, value: doubt });
    const deadline = Date.now() + (timeoutMs ?? this.#settings.callTimeoutMs ?? 8000);
    if (this.pendingCount > 0) await Promise.race([this.#drainOnce(), delay(Math.max(0, deadline - Date.now()))]);
    for (let attempt = 0; ; attempt++) {
      const sent = await this.#post(commands, Math.max(250, deadline - Date.now()));
      if (sent.kind === "answers") return this.#settled(doubt, sent.answers);
      if (sent.kind === "bad") {
        return this.#settled(
          doubt,
          commands.map(({ id }) => ({ id, outcome: "refused", code: sent.code, facts: sent.facts })),
        );
      }
      if (sent.kind === "unpaired") {
        await this.#shelf.write({ store: "doubt", key: doubt.id });
        this.#nowUnpaired(sent.code);
        return { state: "unpaired" };
      }
      const wait = sent.afterMs ?? backoff(attempt, this.#chance(), { baseMs: 200, capMs: 2000 });
      if (Date.now() + wait >= deadline) return { state: "unknown", doubt };
      await delay(wait);
    }
  }

  /** Calls whose answer never came, from this run or an earlier one. */
  async doubts(): Promise<Doubt[]> {
    return this.#shelf.all("doubt");
  }

  async pending(): Promise<Kept[]> {
    return this.#shelf.all("outbox");
  }

  async tray(): Promise<Refused[]> {
    return this.#shelf.all("tray");
  }

  /** Asks again for what was refused: as a new command, perhaps corrected, or as the same one once it is approved. */
  async retry(id: string, change: { body?: object } | { approval: string } = {}): Promise<void> {
    const refused = this.#shelf.get("tray", id);
    if (!refused) return;
    await this.enqueue({
      name: refused.command.name,
      body: ("body" in change && change.body) || refused.command.body,
      ...("approval" in change ? { id, approval: change.approval } : {}),
    });
    await this.discard(id);
  }

  async discard(id: string): Promise<void> {
    await this.#shelf.write({ store: "tray", key: id });
    this.#tell({ type: "tray" });
  }

  /** A paired device may send again. */
  paired(): void {
    this.#unpaired = false;
    this.poke();
  }

  /** Something changed for the better (link up, screen awake): try now. */
  readonly poke = (): void => {
    if (!this.#maySend) return;
    clearTimeout(this.#timer);
    if (this.#draining) this.#again = true;
    else alone(this.#drainOnce());
  };

  #drainOnce(): Promise<void> {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null;
      if (this.#again) {
        this.#again = false;
        this.poke();
      }
    });
    return this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#maySend) {
      const waiting = this.#shelf.all("outbox");
      if (waiting.length === 0) return;
      const batch = nextBatch(waiting, this.#faults > 0 ? 1 : BATCH);
      const sent = await this.#post(
        batch.map((kept) => kept.command),
        15_000,
      );
      if (!(await this.#took(batch, sent))) return;
    }
  }

  /** Applies what came back; false when sending must wait. */
  async #took(batch: Kept[], sent: Sent): Promise<boolean> {
    switch (sent.kind) {
      case "answers":
        await this.#finish(batch, sent.answers);
        this.#attempts = this.#faults = 0;
        this.#tell({ type: "reached", ok: true });
        return true;
      case "bad":
        if (new Set(batch.map((kept) => kept.group)).size > 1) {
          this.#faults = 1;
          return true;
        }
        await this.#finish(
          batch,
          batch.map(({ command }) => ({ id: command.id, outcome: "refused", code: sent.code, facts: sent.facts })),
        );
        this.#faults = 0;
        return true;
      case "unpaired":
        this.#nowUnpaired(sent.code);
        return false;
      case "later":
        if (sent.fault && ++this.#faults > FAULTS_BEFORE_TRAY) {
          await this.#finish(
            batch,
            batch.map(({ command }) => ({ id: command.id, outcome: "refused", code: "failed", facts: {} })),
          );
          this.#faults = 0;
          return true;
        }
        this.#tell({ type: "reached", ok: false });
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.poke, sent.afterMs ?? backoff(this.#attempts++, this.#chance()));
        return false;
    }
  }

  /** Takes answered commands out of the queue and refused ones into the tray, in one transaction. */
  async #finish(batch: Kept[], answers: Answer[]): Promise<void> {
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const news: OutboxNews[] = [];
    const changes: Change[] = [];
    for (const kept of batch) {
      const answer = byId.get(kept.command.id);
      if (!answer) continue;
      changes.push({ store: "outbox", key: kept.place });
      if (answer.outcome === "done") {
        news.push({ type: "done", command: kept.command, seq: answer.seq ?? 0 });
        continue;
      }
      const refused: Refused = {
        command: kept.command,
        group: kept.group,
        code: answer.code ?? "failed",
        facts: answer.facts ?? {},
        at_ms: Date.now(),
      };
      changes.push({ store: "tray", key: refused.command.id, value: refused });
      news.push({ type: "refused", refused });
    }
    await this.#shelf.write(...changes);
    for (const one of news) this.#tell(one);
    this.#hearSignedOut(
      batch.map(({ command }) => command),
      answers,
    );
  }

  /** The edge knows no such session: it was ended elsewhere, or is newer than the backup that was restored. */
  #hearSignedOut(commands: Command[], answers: Answer[]): void {
    const ended = new Set(answers.flatMap(({ id, code }) => (code === "needs_sign_in" ? [id] : [])));
    const sessions = new Set(commands.flatMap(({ id, staff_session }) => (ended.has(id) ? (staff_session ?? []) : [])));
    for (const session of sessions) this.#tell({ type: "signed_out", session });
  }

  async #post(commands: Command[], timeoutMs: number): Promise<Sent> {
    const token = this.#settings.token();
    if (!token) return { kind: "unpaired", code: "unpaired" };
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await (this.#settings.fetch ?? fetch)(this.#settings.url ?? "/commands", {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify({ commands }),
        signal: abort.signal,
      });
      if (response.ok) return answersOf(commands, await response.json());
      const body = await bodyOf(response);
      // When none of them was done the edge says 409, with an answer to each.
      const refused = response.status === 409 ? answersOf(commands, body) : null;
      if (refused?.kind === "answers") return refused;
      const problem = problemOf(body);
      if (response.status === 401) {
        // Whoever else says 401, a portal of the network for one, does not know this device from another.
        return ENDING_BYES.includes(problem.code)
          ? { kind: "unpaired", code: problem.code }
          : { kind: "later", fault: true };
      }
      if (RETRIED.has(response.status))
        return { kind: "later", fault: response.status === 500, ...retryAfter(problem.facts) };
      return { kind: "bad", ...problem };
    } catch {
      return { kind: "later", fault: false };
    } finally {
      clearTimeout(timer);
    }
  }

  async #settled(doubt: Doubt, answers: Answer[]): Promise<Called> {
    await this.#shelf.write({ store: "doubt", key: doubt.id });
    this.#tell({ type: "reached", ok: true });
    for (const [index, answer] of answers.entries()) {
      const command = doubt.commands[index];
      if (command && answer.outcome === "done") this.#tell({ type: "done", command, seq: answer.seq ?? 0 });
    }
    this.#hearSignedOut(doubt.commands, answers);
    return { state: "answered", answers };
  }

  #nowUnpaired(code: string): void {
    this.#unpaired = true;
    this.#tell({ type: "unpaired", code });
  }

  #tell(news: OutboxNews): void {
    for (const listener of this.#listeners) listener(news);
  }

  /** After whatever waits, also where another tab kept something meanwhile. */
  #nextPlace(): number {
    this.#lastPlace ||= this.#shelf.all("outbox").at(-1)?.place ?? 0;
    this.#lastPlace = Math.max(this.#lastPlace + 1, Date.now() * 1000);
    return this.#lastPlace;
  }

  get #shelf(): Shelf {
    return this.#settings.shelf;
  }

  get #maySend(): boolean {
    return !this.#stopped && !this.#unpaired && !(this.#settings.isHeld?.() ?? false);
  }

  #chance(): number {
    return (this.#settings.chance ?? Math.random)();
  }
}

/** Whole groups from the front of the queue, up to `size` commands; at least one group, however long. */
function nextBatch(waiting: Kept[], size: number): Kept[] {
  const first = waiting[0]?.group;
  let end = 0;
  while (end < waiting.length) {
    const group = waiting[end]!.group;
    let next = end;
    while (next < waiting.length && waiting[next]!.group === group) next += 1;
    if (next > size && group !== first) break;
    end = next;
  }
  return waiting.slice(0, end);
}

function isPrepared(asks: Ask | Ask[] | Command[]): asks is Command[] {
  return Array.isArray(asks) && asks.length > 0 && asks.every((ask) => "asked_at_ms" in ask);
}

function answersOf(commands: Command[], body: unknown): Sent {
  const answers = (body as { answers?: Answer[] } | null)?.answers;
  const ids = new Set(answers?.map((answer) => answer.id));
  const whole = Array.isArray(answers) && commands.every((command) => ids.has(command.id));
  return whole ? { kind: "answers", answers } : { kind: "later", fault: true };
}

/** What came with a status that is not a success; null when it is not JSON. */
async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function problemOf(body: unknown): { code: string; facts: Record<string, Fact> } {
  const { code = "failed", facts = {} } = (body ?? {}) as { code?: string; facts?: Record<string, Fact> };
  return { code, facts };
}

function retryAfter(facts: Record<string, Fact>): { afterMs?: number } {
  return typeof facts.retry_after_s === "number" ? { afterMs: facts.retry_after_s * 1000 } : {};
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
