import "./app.css";
import { start } from "$ui/start/start";
import App from "./App.svelte";
import { forgetKept } from "./kept";
import { Owner } from "./owner.svelte";

start(
  {
    app: "owner",
    theme: { preset: "system", device: "owner" },
    open: () => ({ props: { owner: new Owner() } }),
    forget: forgetKept,
  },
  App,
);
