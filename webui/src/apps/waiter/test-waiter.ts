import { configure, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { type App, startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleService } from "$lib/samples/service";
import AppScreen from "./App.svelte";

// Whole evenings on a machine that may be busy: what is waited for comes, only not by the clock.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const PERMISSIONS = [
  "take_orders",
  "confirm_drafts",
  "answer_calls",
  "void_unsent",
  "move_checks",
  "charge",
  "sold_out",
];

/** Ana's phone in the sample's service, with no edge: what she asks stays on it. For tests; needs jsdom. */
export class TestWaiter {
  taps = 0;
  readonly user = userEvent.setup();
  unmount: () => void = () => {};

  private constructor(readonly app: App) {}

  static async start(): Promise<TestWaiter> {
    startLanguage();
    globalThis.indexedDB = new IDBFactory(); // a device that was never used
    // jsdom has no screen to ask how wide it is: a phone.
    window.matchMedia = (query) =>
      ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
    const app = await startApp({ app: "waiter" });
    app.feed.start = () => undefined; // the views below are all this screen is told
    app.outbox.stop();
    await app.session.pair({ id: "d", token: "t", role: "waiter", name: "Teléfono" });
    await app.session.unlock({ staff_id: "ana", name: "Ana", role: "waiter", permissions: PERMISSIONS, session: "s" });
    app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleService(Date.now()) });
    history.pushState(null, ""); // a page just opened
    return new TestWaiter(app);
  }

  open(): void {
    this.unmount = render(AppScreen, { props: { app: this.app } }).unmount;
  }

  /** The names of what was asked, in order. */
  get asked(): string[] {
    return this.app.unsettled.map(({ command }) => command.name);
  }

  /** The body of the last command of a name. */
  lastBody(name: string): Record<string, unknown> | undefined {
    return this.app.unsettled.findLast(({ command }) => command.name === name)?.command.body;
  }

  /** Touches the first button that is called so, once there is one. */
  readonly press = async (name: string | RegExp, role = "button"): Promise<void> => {
    const [found] = await screen.findAllByRole(role, { name });
    if (found) await this.touch(found);
  };

  /** Every touch counts. */
  readonly touch = async (element: Element): Promise<void> => {
    this.taps += 1;
    await this.user.click(element);
  };

  /** Opens a table from the room; the taps are counted from there. */
  async atTable(label: string): Promise<void> {
    this.open();
    await this.press(/^Mesas/);
    this.taps = 0;
    await this.press(new RegExp(`^Mesa ${label},`));
  }
}
