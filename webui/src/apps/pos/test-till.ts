import { configure, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import type { Views } from "$generated/vocabulary";
import { type App, startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import type { Answer, Ask, Called, Command } from "$lib/outbox";
import { sampleTill } from "$lib/samples/till";
import AppScreen from "./App.svelte";

// Whole evenings on a machine that may be busy: what is waited for comes, only not by the clock.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const PERMISSIONS = ["take_orders", "confirm_drafts", "answer_calls", "void_unsent", "move_checks", "charge", "drawer"];

/** Nico's till in the sample's service, with an edge that answers what it is told to. For tests; needs jsdom. */
export class TestTill {
  /** What was asked at once, in order. */
  readonly called: Command[] = [];
  /** What the edge says of one command. */
  answer: (command: Command) => Partial<Answer> = () => ({ outcome: "done" });
  readonly user = userEvent.setup();
  unmount: () => void = () => {};
  #seq = 1;

  private constructor(readonly app: App) {}

  static async start(permissions: string[] = PERMISSIONS): Promise<TestTill> {
    startLanguage();
    globalThis.indexedDB = new IDBFactory(); // a till that was never used
    standIns();
    const app = await startApp({ app: "pos" });
    const till = new TestTill(app);
    app.feed.start = () => undefined; // the views below are all this screen is told
    app.outbox.stop();
    app.outbox.callNow = async (asks) => till.#answers(asks);
    await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
    await app.session.unlock({ staff_id: "nico", name: "Nico", role: "cashier", permissions, session: "s" });
    app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleTill(Date.now()) });
    till.unmount = render(AppScreen, { props: { app } }).unmount;
    return till;
  }

  /** The edge shows something otherwise than before. */
  change(kind: keyof Views, key: string, by: object): void {
    const before = this.app.views.get(kind, key) as object;
    this.#seq += 1;
    this.app.views.apply({ type: "views", seq: this.#seq, of: "here", changes: [[kind, key, { ...before, ...by }]] });
  }

  readonly press = async (name: string | RegExp, role = "button"): Promise<void> => {
    const [found] = await screen.findAllByRole(role, { name });
    if (found) await this.user.click(found);
  };

  async atTable(label: string): Promise<void> {
    await this.user.keyboard(`${label}{Enter}`);
    await screen.findByRole("heading", { name: `Mesa ${label}` });
  }

  #answers(asks: Ask | Ask[] | Command[]): Called {
    const list = (Array.isArray(asks) ? asks : [asks]) as (Ask | Command)[];
    const commands = list.map((one) => ("asked_at_ms" in one ? one : this.app.outbox.prepare(one)[0]!));
    this.called.push(...commands);
    const answers = commands.map((one): Answer => ({ id: one.id, outcome: "done", seq: 1, ...this.answer(one) }));
    return { state: "answered", answers };
  }
}

/** What jsdom has not got. */
export function standIns(): void {
  window.matchMedia = (query) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  Element.prototype.scrollIntoView = () => undefined;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as unknown as typeof ResizeObserver;
}
