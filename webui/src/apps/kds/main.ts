import "./app.css";
import { mount } from "svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { idleFor, startPwa } from "$lib/pwa";
import { startTheme } from "$lib/theme";
import App from "./App.svelte";
import { KINDS } from "./views";

startTheme("kds", { preset: "dark", device: "kds" });
startLanguage();
const app = await startApp({ app: "kds", kinds: KINDS });
mount(App, { target: document.getElementById("app")!, props: { app } });
const isIdle = idleFor(10 * 60_000);
startPwa({ app: "kds", isIdle: () => app.pending === 0 && (isIdle() || !app.session.isPaired) });
