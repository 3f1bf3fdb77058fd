import "../waiter/app.css";
import { mount } from "svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleService } from "$lib/samples/service";
import App from "../waiter/App.svelte";

/** The waiter's screens on sample views, with no edge: to look at them. Nothing of this page ships. */
startLanguage();
const app = await startApp({ app: "gallery" });
app.feed.start = () => undefined;
await app.session.pair({ id: "d", token: "t", role: "waiter", name: "Teléfono" });
await app.session.unlock({
  staff_id: "ana",
  name: "Ana",
  role: "waiter",
  permissions: ["take_orders", "confirm_drafts", "answer_calls", "void_unsent", "move_checks", "charge", "sold_out"],
  session: "s",
});
app.outbox.stop();
app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleService(Date.now()) });
document.documentElement.dataset.theme = new URLSearchParams(location.search).get("theme") ?? "light";
mount(App, { target: document.getElementById("app")!, props: { app } });
