import "./app.css";
import { mount } from "svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { idleFor, startPwa } from "$lib/pwa";
import { startTheme } from "$lib/theme";
import App from "./App.svelte";

startTheme("owner", { preset: "system", device: "owner" });
startLanguage();
const app = await startApp({ app: "owner" });
mount(App, { target: document.getElementById("app")!, props: { app } });
const isIdle = idleFor(10 * 60_000);
startPwa({ app: "owner", isIdle: () => app.pending === 0 && (isIdle() || !app.session.isPaired) });
