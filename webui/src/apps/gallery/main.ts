import "./app.css";
import { mount } from "svelte";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import Gallery from "./Gallery.svelte";

startLanguage();
const app = await startApp({ app: "gallery" });
const wanted = new URLSearchParams(location.search);
document.documentElement.dataset.theme = wanted.get("theme") ?? "light";
document.documentElement.dataset.device = wanted.get("device") ?? "phone";
mount(Gallery, { target: document.getElementById("app")!, props: { app, show: wanted.get("show") } });
