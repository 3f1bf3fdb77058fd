import { mount, unmount } from "svelte";
import { type App, type AppSettings, startApp } from "$lib/app.svelte";
import { forgetAll, Shelf } from "$lib/shelf";
import { type Hold, Tabs } from "$lib/tabs";
import { waitingText } from "$lib/waiting";
import Above from "./Above.svelte";
import OtherTab from "./OtherTab.svelte";
import type { Opened, StartSettings } from "./start";

/** How an application of the staff starts: from the device's database, in one tab, else from memory. */
export function onDevice(settings: AppSettings): Omit<StartSettings<{ app: App }>, "theme"> {
  const { app } = settings;
  const tabs = new Tabs(app);
  return {
    app,
    open: async () => opened(await startApp(settings)),
    openInMemory: async (error) => opened(await startApp(settings, await Shelf.inMemory(app, error))),
    salvage: async (error) => {
      const shelf = await Shelf.inMemory(app, error);
      return shelf.count("outbox") + shelf.count("doubt") + shelf.typedCount > 0 ? waitingText(shelf) : "";
    },
    forget: () => forgetAll(app),
    hold: (target) => holdIn(tabs, target),
    Above,
  };
}

function opened(app: App): Opened<{ app: App }> {
  return { props: { app }, isIdle: () => app.pending === 0, stop: () => app.stop() };
}

/** Waits for the application, behind a screen that says where it is. */
async function holdIn(tabs: Tabs, target: HTMLElement): Promise<Hold> {
  let shown: Record<string, unknown> | null = null;
  const hold = await tabs.hold((takeOver) => {
    shown = mount(OtherTab, { target, props: { takeOver } });
  });
  if (shown) await unmount(shown);
  return hold;
}
