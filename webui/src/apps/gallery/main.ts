import "./app.css";
import { mount } from "svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import Gallery from "./Gallery.svelte";

startLanguage();
const app = await startApp({ app: "gallery" });
const wanted = new URLSearchParams(location.search);
const theme = wanted.get("theme");
document.documentElement.dataset.theme = theme ?? "light";
document.documentElement.dataset.device = wanted.get("device") ?? "phone";
mount(Gallery, {
  target: document.getElementById("app")!,
  props: { app, show: wanted.get("show"), themes: theme ? [theme] : ["light", "dark"] },
});
