import type { Audit, AuditMoment } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import * as m from "$lib/messages";
import { Question } from "$lib/question.svelte";
import { whoAsks } from "$lib/session.svelte";
import { matches } from "$lib/text";
import { aloud } from "./words";

/** Pages that one press reads at most while it looks for something. */
const MOST_PAGES = 10;

/** What a manager looks at later, page after page, and what of it has the words that are looked for. */
export class AuditSearch {
  moments = $state.raw<AuditMoment[]>([]);
  text = $state("");
  readonly question = new Question(m.audit_offline);
  readonly #app: App;
  #next = $state(0);

  readonly found = $derived(this.moments.filter((one) => this.text.trim() === "" || matches(aloud(one), this.text)));

  constructor(app: App) {
    this.#app = app;
  }

  get hasMore(): boolean {
    return this.#next > 0;
  }

  /** The newest. */
  async look(): Promise<void> {
    const page = await this.#page("");
    if (page) this.moments = [...page.moments];
  }

  /** What came before; while something is looked for, until more of it is found. */
  async more(): Promise<void> {
    const before = this.found.length;
    for (let pages = 0; pages < MOST_PAGES && this.hasMore && this.found.length === before; pages += 1) {
      const page = await this.#page(`?before=${this.#next}`);
      if (!page) return;
      this.moments = [...this.moments, ...page.moments];
    }
  }

  async #page(query: string): Promise<Audit | null> {
    const page = await this.question.ask<Audit>(`/staff/audit${query}`, {
      ...whoAsks(this.#app.session),
    });
    if (page) this.#next = page.next_ms;
    return page;
  }
}
