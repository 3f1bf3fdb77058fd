import "./app.css";
import { mount } from "svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { startPwa } from "$lib/pwa";
import { startTheme } from "$lib/theme";
import App from "./App.svelte";
import { Guest } from "./guest.svelte";

startTheme("guest", { preset: "light", device: "guest" });
startLanguage(navigator.language.startsWith("en") ? "en" : undefined);
const guest = new Guest();
const code = new URLSearchParams(location.search).get("t") ?? "";
mount(App, { target: document.getElementById("app")!, props: { guest, code } });
startPwa({ app: "guest", isIdle: () => guest.kept.cart.lines.length === 0 && guest.kept.outbox.length === 0 });
