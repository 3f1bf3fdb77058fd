import "./app.css";
import { mount } from "svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { startPwa } from "$lib/pwa";
import { startTheme } from "$lib/theme";
import App from "./App.svelte";

startTheme("guest", { preset: "light", device: "guest" });
startLanguage(navigator.language.startsWith("en") ? "en" : undefined);
mount(App, { target: document.getElementById("app")! });
startPwa({ app: "guest", isIdle: () => true });
