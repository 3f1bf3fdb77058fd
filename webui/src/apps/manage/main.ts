import "./app.css";
import { onDevice } from "$ui/start/staff";
import { start } from "$ui/start/start";
import App from "./App.svelte";

start({ ...onDevice({ app: "manage" }), theme: { preset: "system", device: "pos" } }, App);
