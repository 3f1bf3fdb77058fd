import { createContext } from "svelte";
import { faultsOf } from "$features/attention/faults";
import { withTaken } from "$features/attention/queue";
import { bandOf, byAge, type ShownTicket, shownTickets } from "$features/kitchen/tickets";
import type { AttentionView, StationView, Views } from "$generated/vocabulary";
import { Action, type ActionSpec } from "$lib/actions.svelte";
import type { App } from "$lib/app.svelte";
import { now } from "$lib/clock.svelte";
import { Sound } from "$lib/sound";
import type { ViewStore } from "$lib/store.svelte";
import { ALL, DEFAULTS, EXPO, keepSettings, keptSettings, type Settings } from "./settings";

export type Screen = "board" | "recall" | "sold_out" | "settings" | "keys";

/** One kitchen screen: what it shows, how it was set up, and what it does. */
export class Kitchen {
  screen = $state<Screen>("board");
  isStarted = $state(false);
  /** Whether the browser shows this page: what is drawn behind another one nobody has seen. */
  isInSight = $state(globalThis.document?.visibilityState !== "hidden");
  /** Whether the settings kept here were read. */
  isReady = $state(false);
  settings = $state.raw<Settings>(DEFAULTS);
  readonly sound = new Sound();

  constructor(
    readonly app: App,
    readonly views: ViewStore<Views>,
  ) {}

  readonly stations = $derived.by((): StationView[] =>
    this.views
      .all("station")
      .filter((station) => !station.is_paper_only)
      .toSorted((a, b) => a.position - b.position),
  );
  /** A station's id, `all` or `expo`; null until somebody chose. */
  readonly place = $derived.by((): string | null => {
    const wanted = this.settings.place || this.app.session.device?.station_id || "";
    const isKnown = wanted === ALL || wanted === EXPO || !!this.views.get("station", wanted);
    return isKnown ? wanted : null;
  });
  readonly stationId = $derived(this.place === ALL || this.place === EXPO ? null : this.place);
  readonly all = $derived.by((): ShownTicket[] =>
    shownTickets(this.views.all("ticket"), this.app.unsettled).toSorted(byAge),
  );
  /** This screen's tickets, done ones too, oldest first. */
  readonly tickets = $derived(
    this.stationId === null ? this.all : this.all.filter((ticket) => ticket.station_id === this.stationId),
  );
  readonly open = $derived(this.tickets.filter((ticket) => ticket.state === "open"));
  readonly lateCount = $derived(this.open.filter((ticket) => bandOf(ticket, now()) === "late").length);
  readonly byId = $derived(new Map(this.all.map((ticket) => [ticket.ticket_id, ticket])));
  /** Done in the last minutes, the latest first. */
  readonly done = $derived(
    this.tickets
      .filter((ticket) => ticket.state !== "open" && ticket.lines.some((line) => line.state !== "void"))
      .toSorted((a, b) => b.bumped_at_ms - a.bumped_at_ms),
  );

  /** What keeps tickets from this screen's station, or from any where this one shows all. */
  readonly faults = $derived.by((): AttentionView[] => {
    const commands = this.app.unsettled.map(({ command }) => command);
    const views = withTaken(this.views.all("attention"), commands, this.app.session.device?.name ?? "");
    const isOurs = ({ station_ids }: AttentionView) =>
      this.stationId === null ? station_ids.length > 0 : station_ids.includes(this.stationId);
    return faultsOf(views.filter(isOurs), now());
  });

  stationName(stationId: string): string {
    return this.views.get("station", stationId)?.name ?? stationId;
  }

  async start(): Promise<void> {
    this.settings = await keptSettings(this.app);
    this.sound.volume = this.settings.volume;
    this.isReady = true;
  }

  set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    this.sound.volume = this.settings.volume;
    keepSettings(this.app, this.settings);
  }

  /** Does one thing to one target, once: what comes again within half a second is a slip of a wet finger. */
  async run<Target>(spec: ActionSpec<Target>, target: Target): Promise<void> {
    await new Action(this.app, spec, () => target).run();
  }
}

export const [getKitchen, provideKitchen] = createContext<Kitchen>();
