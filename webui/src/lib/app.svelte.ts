import { createContext } from "svelte";
import type { Views } from "$generated/vocabulary";
import { Acts } from "./acts.svelte";
import { alone } from "./alone";
import { correctClock } from "./clock.svelte";
import { askToPersist } from "./database";
import { Feed, type Link, NEW_LINK } from "./feed";
import { Keyboard } from "./keyboard";
import { type Ask, type Called, type Command, Outbox, type Refused } from "./outbox";
import { Presses } from "./presses";
import { Session } from "./session.svelte";
import { Shelf } from "./shelf";
import { Sound } from "./sound";
import { ViewStore } from "./store.svelte";
import type { Lost, Trouble } from "./trouble";
import { Work } from "./work";

/** A command the screens should still show as pending: kept here, or done but not yet seen on the feed. */
export interface Unsettled {
  command: Command;
  /** Null while it is kept here; the entry that did it once the edge has answered. */
  seq: number | null;
}

export interface AppSettings {
  app: "waiter" | "pos" | "kds" | "manage" | "owner" | "gallery";
  /** The kinds of view this application follows; null for all its role may see. */
  kinds?: string[] | null;
}

const BUMP_DEBOUNCE_MS = 150;

/** Everything a staff application stands on, already joined together. Made once by `startApp`. */
export class App<Kinds extends object = Views> {
  link = $state.raw<Link>(NEW_LINK);
  /** How many commands wait on this device. */
  pending = $state(0);
  /** What the edge refused, until a person decides. */
  tray = $state.raw<Refused[]>([]);
  unsettled = $state.raw<Unsettled[]>([]);
  /** Why this device keeps nothing now; null while all is well. */
  trouble = $state.raw<Trouble | null>(null);
  /** What this device had kept and the browser threw away, until somebody has read it. */
  lost = $state.raw<Lost | null>(null);
  /** One for the whole application: a browser that may make sound still may after the screen was locked. */
  readonly sound = new Sound();
  /** How late each card was when it was last heard here, by person and card. */
  readonly heard = new Map<string, string>();
  /** What may be done on the screen now. */
  readonly acts: Acts;
  /** What was wished a moment ago, so that a double tap is one wish. */
  readonly presses = new Presses();
  /** What to undo when it stops. */
  readonly ends: (() => void)[] = [];
  #shows = "";

  constructor(
    readonly settings: AppSettings,
    readonly session: Session,
    readonly views: ViewStore<Kinds>,
    readonly outbox: Outbox,
    readonly feed: Feed,
    readonly work: Work,
    readonly keyboard: Keyboard,
    readonly shelf: Shelf,
  ) {
    this.acts = new Acts(keyboard);
  }

  /** Which station's tickets are on this screen, for the edge: "" for none, `all` for every one's. */
  get shows(): string {
    return this.#shows;
  }

  set shows(station: string) {
    if (station === this.#shows) return;
    this.#shows = station;
    this.feed.sayHere();
  }

  /** Whether money and approvals can be asked for now. */
  get isReachable(): boolean {
    return this.link.face !== "no_edge" && this.link.face !== "unpaired";
  }

  /** Lets go of everything: another tab goes on from here. What was asked and typed is kept before. */
  async stop(): Promise<void> {
    for (const end of this.ends) end();
    this.feed.stop();
    this.outbox.stop();
    await this.views.save();
    await this.shelf.close();
  }

  /** Keeps one or several commands and sends them in order as soon as it can. Never rejects because of the device. */
  do(asks: Ask | Ask[]): Promise<Command[]> {
    return this.outbox.enqueue(asks);
  }

  /** Asks now and waits for the answers: money and approvals. */
  ask(asks: Ask | Ask[] | Command[]): Promise<Called> {
    return this.outbox.callNow(asks);
  }
}

/**
 * Opens what the device keeps, shows what it knew, and follows the edge if the device is paired. Throws what the
 * browser threw when its database does not open; `shelf` then may be one that is in memory alone.
 */
export async function startApp<Kinds extends object = Views>(
  settings: AppSettings,
  opened?: Shelf,
): Promise<App<Kinds>> {
  const shelf = opened ?? (await Shelf.open(settings.app));
  const views = new ViewStore<Kinds>(shelf);
  const session = new Session(shelf, {
    onpaired: () => {
      outbox.paired();
      feed.stop();
      feed.start();
      alone(askToPersist());
    },
    onleft: async () => {
      feed.stop();
      app.unsettled = [];
      app.link = NEW_LINK;
      await views.clear();
    },
    onsettled: () => {
      mirror(app);
      outbox.poke();
    },
  });
  await views.restore();
  const token = () => session.device?.token ?? null;
  const feed: Feed = new Feed({
    token,
    cursor: () => views.cursor,
    kinds: settings.kinds ?? null,
    apply: views.apply,
    onbeat: views.confirm,
    shows: (): string => app.shows,
  });
  const outbox = new Outbox({
    shelf,
    token,
    staffSession: () => session.person?.session ?? null,
    isHeld: () => session.left !== null,
    serverNow: () => feed.serverNow(),
  });
  const chosen = shelf.get("keys", "shortcuts") as Record<string, string> | undefined;
  const keyboard = new Keyboard({ chosen, debounceMs: settings.app === "kds" ? BUMP_DEBOUNCE_MS : 0 });
  keyboard.onchosen = (keys) => alone(shelf.write({ store: "keys", key: "shortcuts", value: keys }));
  const app: App<Kinds> = new App<Kinds>(settings, session, views, outbox, feed, new Work(shelf), keyboard, shelf);
  follow(app);
  correctClock(() => feed.serverNow() - Date.now());
  app.ends.push(keyboard.listen());
  // Only a touch or a key lets a browser make sound, and a till is worked by keys alone: the PIN is enough.
  const unlock = () => alone(app.sound.unlock());
  for (const sign of ["pointerdown", "keydown"]) {
    globalThis.addEventListener?.(sign, unlock, { capture: true });
    app.ends.push(() => globalThis.removeEventListener?.(sign, unlock, { capture: true }));
  }
  if (session.isPaired) feed.start();
  return app;
}

/** Mirrors feed, outbox and shelf into the state that components read. */
function follow<Kinds extends object>(app: App<Kinds>): void {
  const { outbox, feed, session, shelf } = app;
  feed.subscribe((link) => {
    if (link.silentMs > 15_000 || saysMore(link, app.link)) {
      if (app.link.face === "no_edge" && link.face === "live") outbox.poke();
      app.link = link;
    }
    const { seq } = app.views;
    const left = app.unsettled.filter((one) => one.seq === null || (seq !== null && one.seq > seq));
    if (left.length !== app.unsettled.length) app.unsettled = left;
  });
  outbox.subscribe((news) => {
    app.pending = outbox.pendingCount;
    if (news.type === "kept") {
      app.unsettled = [...app.unsettled, ...news.commands.map((command) => ({ command, seq: null }))];
    } else if (news.type === "done") {
      const seen = app.views.seq !== null && news.seq <= app.views.seq;
      const others = app.unsettled.filter((one) => one.command.id !== news.command.id);
      app.unsettled = seen ? others : [...others, { command: news.command, seq: news.seq }];
    } else if (news.type === "refused") {
      app.unsettled = app.unsettled.filter((one) => one.command.id !== news.refused.command.id);
      app.tray = shelf.all("tray");
    } else if (news.type === "tray") {
      app.tray = shelf.all("tray");
    } else if (news.type === "signed_out" && session.person?.session === news.session) {
      alone(session.lock()); // whoever works here is asked for their PIN, and not refused one dish after the other
    } else if (news.type === "unpaired" && session.isPaired) {
      feed.stop();
      app.link = { ...app.link, face: "unpaired", code: news.code };
    }
  });
  shelf.subscribe(() => {
    app.trouble = shelf.trouble;
    app.lost = shelf.lost;
  });
  app.trouble = shelf.trouble;
  app.lost = shelf.lost;
  mirror(app);
  outbox.start();
}

/** What waits on the device, as components read it. */
function mirror<Kinds extends object>(app: App<Kinds>): void {
  const { outbox, session, shelf } = app;
  const waits = session.left ? [] : shelf.all("outbox"); // of another venue: to be seen nowhere but where one decides
  app.unsettled = waits.map(({ command }) => ({ command, seq: null }));
  app.tray = session.left ? [] : shelf.all("tray");
  app.pending = outbox.pendingCount;
}

/** Whether a person would read something else in the header. */
function saysMore(link: Link, before: Link): boolean {
  if (link.face !== before.face || link.stuckSinceMs !== before.stuckSinceMs) return true;
  return link.hub.waiting !== before.hub.waiting || link.hub.why !== before.hub.why;
}

/** `provideApp(app)` in the root component; `getApp()` in any component under it. */
export const [getApp, provideApp] = createContext<App>();
