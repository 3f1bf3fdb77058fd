import type { MenuReport } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import { locale } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import { Question } from "$lib/question.svelte";
import { whoAsks } from "$lib/session.svelte";

/** A big spreadsheet on a small machine. */
const TIMEOUT_MS = 60_000;

/** A spreadsheet that was chosen: what it would change, then that it did. */
export class Upload {
  file = $state.raw<File | null>(null);
  report = $state.raw<MenuReport | null>(null);
  readonly question = new Question(m.menu_offline);
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether it may be brought into force: every row is good, and something is different. */
  readonly isGood = $derived.by(() => {
    const { report } = this;
    if (!report || report.fault || report.is_published || report.refused_rows > 0) return false;
    return report.added_count + report.changed_count + report.removed_count > 0 || report.version === 0;
  });

  async look(file: File): Promise<void> {
    this.file = file;
    this.report = null;
    this.report = await this.#send(file, { publish: false });
  }

  async publish(): Promise<void> {
    if (!this.file) return;
    const report = await this.#send(this.file, { publish: true });
    if (report) this.report = report;
  }

  #send(file: File, { publish }: { publish: boolean }): Promise<MenuReport | null> {
    const query = new URLSearchParams({
      name: file.name.slice(-120),
      language: locale().startsWith("en") ? "en" : "es",
      publish: String(publish),
    });
    return this.question.ask<MenuReport>(`/menu/spreadsheet?${query}`, {
      method: "POST",
      body: file,
      ...whoAsks(this.#app.session),
      timeoutMs: TIMEOUT_MS,
    });
  }
}
