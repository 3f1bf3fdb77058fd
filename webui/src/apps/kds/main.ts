import "./app.css";
import { onDevice } from "$ui/start/staff";
import { start } from "$ui/start/start";
import App from "./App.svelte";
import { KINDS } from "./views";

start({ ...onDevice({ app: "kds", kinds: KINDS }), theme: { preset: "dark", device: "kds" } }, App);
