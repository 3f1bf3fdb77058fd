import "./app.css";
import { onDevice } from "$ui/start/staff";
import { start } from "$ui/start/start";
import App from "./App.svelte";

start({ ...onDevice({ app: "pos" }), theme: { preset: "light", device: "pos" } }, App);
