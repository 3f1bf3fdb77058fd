import "./app.css";
import { mount } from "svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { idleFor, startPwa } from "$lib/pwa";
import { startTheme } from "$lib/theme";
import App from "./App.svelte";
import { Owner } from "./owner.svelte";

startTheme("owner", { preset: "system", device: "owner" });
startLanguage();
const owner = new Owner();
mount(App, { target: document.getElementById("app")!, props: { owner } });
startPwa({ app: "owner", isIdle: idleFor(10 * 60_000) });
