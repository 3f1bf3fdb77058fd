import type { ClosedCheck, ClosedChecks, WholeCheck } from "$generated/vocabulary";
import { Problem, request } from "$lib/api";
import * as m from "$lib/messages";
import { staffWords } from "$lib/rejections-staff";

/** What came of a question: nothing yet, words of a refusal, or that nobody answers. */
export type Outcome = "asking" | "answered" | "offline" | "refused";

/** A question about what is over, asked of the edge, and what is known of the answer. */
class Question {
  outcome = $state<Outcome>("asking");
  /** What a refusal or a silence says to a person. */
  words = $state("");
  /** Only the last question counts: a slow answer to an earlier one is not shown. */
  #turn = 0;

  /** The answer; null when it was refused, nobody answered, or another question was asked since. */
  async ask<Answer>(path: string, token: string): Promise<Answer | null> {
    this.#turn += 1;
    const turn = this.#turn;
    this.outcome = "asking";
    try {
      const answer = await request<Answer>(path, { token });
      if (turn !== this.#turn) return null;
      this.outcome = "answered";
      return answer;
    } catch (error) {
      if (turn !== this.#turn) return null;
      const isSilent = !(error instanceof Problem) || error.isUnreachable;
      this.outcome = isSilent ? "offline" : "refused";
      this.words = isSilent ? m.past_offline() : staffWords(error.code, error.facts);
      return null;
    }
  }
}

/** Closed checks as they are looked for: what was found so far, page after page. */
export class ClosedSearch {
  found = $state.raw<ClosedCheck[]>([]);
  text = $state("");
  readonly question = new Question();
  #next = $state("");

  constructor(readonly token: () => string) {}

  get hasMore(): boolean {
    return this.#next !== "";
  }

  /** The first page of what is typed now. What was found before stays in sight until it comes. */
  async look(): Promise<void> {
    const page = await this.#page("");
    if (page) this.found = page.checks;
  }

  /** The page after the last one. */
  async more(): Promise<void> {
    const page = await this.#page(this.#next);
    if (page) this.found = [...this.found, ...page.checks];
  }

  async #page(after: string): Promise<ClosedChecks | null> {
    const query = new URLSearchParams({ text: this.text.trim().slice(0, 60), after });
    const page = await this.question.ask<ClosedChecks>(`/checks/closed?${query}`, this.token());
    if (page) this.#next = page.next;
    return page;
  }
}

/** One check that is over, whole. */
export class PastCheckState {
  whole = $state.raw<WholeCheck | null>(null);
  readonly question = new Question();

  constructor(
    readonly token: () => string,
    readonly checkId: string,
  ) {}

  async load(): Promise<void> {
    this.whole = await this.question.ask<WholeCheck>(`/checks/${encodeURIComponent(this.checkId)}`, this.token());
  }
}
