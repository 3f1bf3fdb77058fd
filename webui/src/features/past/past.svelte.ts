import type { ClosedCheck, ClosedChecks, WholeCheck } from "$generated/vocabulary";
import * as m from "$lib/messages";
import { Question } from "$lib/question.svelte";

/** Closed checks as they are looked for: what was found so far, page after page. */
export class ClosedSearch {
  found = $state.raw<ClosedCheck[]>([]);
  text = $state("");
  readonly question = new Question(m.past_offline);
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
    const page = await this.question.ask<ClosedChecks>(`/checks/closed?${query}`, { token: this.token() });
    if (page) this.#next = page.next;
    return page;
  }
}

/** One check that is over, whole. */
export class PastCheckState {
  whole = $state.raw<WholeCheck | null>(null);
  readonly question = new Question(m.past_offline);

  constructor(
    readonly token: () => string,
    readonly checkId: string,
  ) {}

  async load(): Promise<void> {
    this.whole = await this.question.ask<WholeCheck>(`/checks/${encodeURIComponent(this.checkId)}`, {
      token: this.token(),
    });
  }
}
