import { type Component, mount, unmount } from "svelte";
import { alone } from "$lib/alone";
import { busy } from "$lib/busy.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import type { Hold } from "$lib/tabs";
import { type DeviceSize, startTheme, type Theme } from "$lib/theme";
import { update } from "$lib/update.svelte";
import Frame from "./Frame.svelte";

/** What an application needs to be drawn. */
export interface Opened<Props> {
  props: Props;
  /** Whether nothing waits on this device. */
  isIdle?: () => boolean;
  /** Keeps what is left and lets go: another tab goes on. */
  stop?: () => Promise<void>;
}

export interface StartSettings<Props> {
  app: string;
  theme: { preset: Theme; device: DeviceSize };
  language?: string | undefined;
  /** Opens what the device keeps. Whatever it throws is said in words. */
  open: () => Opened<Props> | Promise<Opened<Props>>;
  /** Goes on from memory alone, for an application that can. */
  openInMemory?: (error: unknown) => Promise<Opened<Props>>;
  /** What can still be read of what waits here, as text; empty when nothing can. */
  salvage?: (error: unknown) => Promise<string>;
  /** Throws away what is kept here: the last way out. */
  forget: () => unknown;
  /** Waits until no other tab has the application; left out where several may. */
  hold?: (target: HTMLElement) => Promise<Hold>;
  /** Over the application, about the device itself. */
  Above?: Component<{ props: Props; restart: () => void }>;
}

/** The one entry of every application: whatever fails on the way, the screen says it and offers what can be done. */
export function start<Props extends Record<string, unknown>>(
  settings: StartSettings<Props>,
  Screen: Component<Props>,
): void {
  startTheme(settings.app, settings.theme);
  startLanguage(settings.language);
  busy.start(settings.app);
  alone(goOn(settings, Screen));
}

async function goOn<Props extends Record<string, unknown>>(
  settings: StartSettings<Props>,
  Screen: Component<Props>,
): Promise<never> {
  const target = document.getElementById("app")!;
  let isIdle: () => boolean = () => true;
  update.start({ app: settings.app, isIdle: () => isIdle() });
  let open = settings.open;
  for (;;) {
    const hold = await settings.hold?.(target);
    let error: unknown;
    try {
      const opened = await open();
      if (opened.isIdle) isIdle = opened.isIdle;
      error = await run(settings, { Screen, opened, target, hold });
      await opened.stop?.();
    } catch (thrown) {
      error = thrown;
    }
    hold?.release();
    open = settings.open;
    if (error === undefined) continue;
    const failed = error;
    if ((await tell(settings, failed, target)) === "memory") open = () => settings.openInMemory!(failed);
  }
}

interface Run<Props extends Record<string, unknown>> {
  Screen: Component<Props>;
  opened: Opened<Props>;
  target: HTMLElement;
  hold: Hold | undefined;
}

/** Draws the application until another tab wants it or it starts anew; what failed in it, if anything did. */
async function run<Props extends Record<string, unknown>>(
  { Above }: StartSettings<Props>,
  { Screen, opened, target, hold }: Run<Props>,
): Promise<unknown> {
  let onfault: (error: unknown) => void = () => {};
  let restart: () => void = () => {};
  const over = new Promise<unknown>((resolve) => {
    onfault = resolve;
    restart = () => resolve(undefined);
    alone(hold?.given.then(restart));
  });
  const props = { Screen, Above, props: opened.props, onfault, restart } as never;
  const drawn = mount(Frame, { target, props });
  const error = await over;
  await unmount(drawn);
  return error;
}

/** Says what failed, until a person decides how to go on. */
async function tell<Props>(
  settings: StartSettings<Props>,
  error: unknown,
  target: HTMLElement,
): Promise<"again" | "memory"> {
  const [{ default: TroubleScreen }, waits] = await Promise.all([
    import("./TroubleScreen.svelte"),
    settings.salvage?.(error).catch(() => "") ?? "", // then there is nothing to copy
  ]);
  return new Promise((resolve) => {
    const go = (how: "again" | "memory") => {
      alone(unmount(shown));
      resolve(how);
    };
    const { forget, openInMemory } = settings;
    const shown = mount(TroubleScreen, { target, props: { error, waits, forget, go, hasMemory: !!openInMemory } });
  });
}
