import { readFileSync } from "node:fs";

const icons = (app) => [
  { src: `icons/${app}-192.png`, sizes: "192x192", type: "image/png", purpose: "any" },
  { src: `icons/${app}-512.png`, sizes: "512x512", type: "image/png", purpose: "any maskable" },
];

/** The web app manifest of one application: what it says of itself in manifest.json, and what all share. */
export async function manifestOf(app) {
  if (app === "gallery") return false;
  const own = JSON.parse(readFileSync(new URL(`../src/apps/${app}/manifest.json`, import.meta.url), "utf8"));
  return {
    id: `/${app}/`,
    start_url: `/${app}/`,
    scope: `/${app}/`,
    lang: "es-AR",
    display: "standalone",
    background_color: "#F6F2EA",
    theme_color: "#0F4C47",
    icons: icons(app),
    ...own,
  };
}
