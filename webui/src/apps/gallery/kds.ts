import "../kds/app.css";
import { mount } from "svelte";
import { startApp } from "$lib/app.svelte";
import { NEW_LINK } from "$lib/feed";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleKitchen } from "$lib/samples/kitchen";
import App from "../kds/App.svelte";

/** The kitchen's screen on sample views, with no edge: to look at it. Nothing of this page ships. */
startLanguage();
const wanted = new URLSearchParams(location.search);
const app = await startApp({ app: "gallery" });
app.feed.start = () => undefined;
await app.session.pair({
  id: "d",
  token: "t",
  role: "kds",
  name: "Pantalla",
  station_id: wanted.get("station") ?? "grill",
});
app.outbox.stop();
app.views.apply({
  type: "snapshot",
  seq: 1,
  of: "here",
  views: wanted.has("empty")
    ? sampleKitchen(Date.now()).filter(([kind]) => kind !== "ticket")
    : sampleKitchen(Date.now()),
});
const face = wanted.get("face");
const silentMs = Number(wanted.get("silent") ?? 2000);
Object.defineProperty(app.feed, "link", { get: () => ({ ...app.link, silentMs }) });
if (face === "stale" || face === "no_edge" || face === "no_internet") app.link = { ...NEW_LINK, face, silentMs };
if (face === "stuck") app.link = { ...NEW_LINK, face, silentMs, stuckSinceMs: Date.now() - 90_000 };
document.documentElement.dataset.theme = wanted.get("theme") ?? "dark";
mount(App, { target: document.getElementById("app")!, props: { app } });
