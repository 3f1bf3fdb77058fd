import { fileURLToPath } from "node:url";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { alias } from "./scripts/alias.mjs";
import { manifestOf } from "./scripts/manifest.mjs";
import { paraglideOptions } from "./scripts/paraglide.mjs";
import { vocabularyDigest } from "./scripts/vocabulary.mjs";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const app = process.env.APP ?? "gallery";
/** Where a development server finds the edge: its /commands, /feed and the rest. */
const edge = process.env.EDGE_URL ?? "http://127.0.0.1:8080";

/** One application at a time: its own address, its own service worker, its own precache. */
export default defineConfig({
  root: here(`./src/apps/${app}`),
  base: `/${app}/`,
  publicDir: here("./public"),
  resolve: { alias },
  define: { __VOCABULARY__: JSON.stringify(vocabularyDigest()) },
  build: {
    outDir: here(`./dist/${app}`),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 2048,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    fs: { allow: [here(".")] },
    proxy: Object.fromEntries(
      ["/commands", "/api", "/devices", "/health", "/guest-api", "/t/"]
        .map((path) => [path, { target: edge }] as const)
        .concat([["/feed", { target: edge }] as const]),
    ),
  },
  plugins: [
    paraglideVitePlugin(paraglideOptions),
    tailwindcss(),
    svelte(),
    VitePWA({
      disable: app === "gallery",
      registerType: "prompt",
      injectRegister: null,
      scope: `/${app}/`,
      base: `/${app}/`,
      filename: "sw.js",
      manifestFilename: "manifest.webmanifest",
      manifest: await manifestOf(app),
      includeAssets: [],
      workbox: {
        globPatterns: ["**/*.{js,css,html,svg,woff2}", `icons/${app}-*.png`],
        navigateFallback: `/${app}/index.html`,
        navigateFallbackAllowlist: [new RegExp(`^/${app}/`)],
        cleanupOutdatedCaches: true,
        clientsClaim: false,
        skipWaiting: false,
        inlineWorkboxRuntime: true,
      },
    }),
  ],
});
