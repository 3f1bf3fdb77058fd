import "./app.css";
import { start } from "$ui/start/start";
import App from "./App.svelte";
import { forgetGuest, Guest } from "./guest.svelte";

// A guest may have several tabs: each scan opens one, they share what is kept, and a command has its id in all of them.
start(
  {
    app: "guest",
    theme: { preset: "light", device: "guest" },
    language: navigator.language.startsWith("en") ? "en" : undefined,
    open: () => {
      const guest = new Guest();
      const code = new URLSearchParams(location.search).get("t") ?? "";
      const isIdle = () => guest.kept.cart.lines.length === 0 && guest.kept.outbox.length === 0;
      return { props: { guest, code }, isIdle };
    },
    forget: forgetGuest,
  },
  App,
);
