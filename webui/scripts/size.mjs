/**
 * Weighs every application against its budget, compressed as edge and hub send it: the scripts that index.html makes a
 * device fetch, the whole first view with what is fetched by itself once that is drawn, and all that a device gets to
 * open with no network. `npm run size -- guest` takes one, `--files` shows what each is made of.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { chosenApps } from "./apps.mjs";

/** Most thousands of bytes. The goals are waiter 120, pos 155, kds 75, manage 90: what stands here keeps them from growing until then. */
const BUDGETS = {
  guest: { script: 45, view: 75, all: 100 },
  waiter: { script: 145, view: 190, all: 215 },
  pos: { script: 175, view: 220, all: 290 },
  kds: { script: 100, view: 145, all: 175 },
  manage: { script: 95, view: 140, all: 250 },
  owner: { script: 60, view: 115, all: 135 },
};
/** What an application fetches by itself once it is drawn, by the name of its source. `tests/e2e` asks a browser whether it is so. */
const BY_ITSELF = { guest: ["later"], owner: ["uPlot.esm"] };
/** Compressed already. */
const PACKED = /\.(woff2|png|avif)$/;

function bytesOf(root, path) {
  const content = readFileSync(new URL(path, root));
  return PACKED.test(path) ? content.length : gzipSync(content, { level: 6 }).length;
}

/** Everything that is fetched for these files without anybody's wish: scripts they import, sheets, typefaces. */
function fetched(root, first) {
  const wanted = new Set();
  const queue = [...first];
  while (queue.length > 0) {
    const path = queue.pop();
    if (wanted.has(path)) continue;
    wanted.add(path);
    if (!/\.(js|css)$/.test(path)) continue;
    const text = readFileSync(new URL(path, root), "utf8");
    const found = path.endsWith(".js")
      ? text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)
      : text.matchAll(/url\([^)]*?([^/)"]+\.woff2)[^)]*\)/g);
    for (const match of found) queue.push(`assets/${match[1]}`);
  }
  return wanted;
}

/** What the page names, and what comes with it. */
function firstView(app, root) {
  const html = readFileSync(new URL("index.html", root), "utf8");
  const named = [...html.matchAll(new RegExp(`(?:src|href)="/${app}/([^"]+)"`, "g"))].map((match) => match[1]);
  return fetched(root, ["index.html", ...named.filter((path) => /\.(js|css)$/.test(path))]);
}

/** What comes by itself a moment later. */
function byItself(app, root) {
  const files = readdirSync(new URL("assets/", root));
  const named = (BY_ITSELF[app] ?? []).map((name) => {
    const found = files.find((file) => file.startsWith(`${name}-`) && file.endsWith(".js"));
    if (!found) throw new Error(`${app} has no ${name}: is it fetched under another name now?`);
    return `assets/${found}`;
  });
  return fetched(root, named);
}

/** What the service worker keeps, and itself. */
function kept(root) {
  const worker = readFileSync(new URL("sw.js", root), "utf8");
  return ["sw.js", "manifest.webmanifest", ...[...worker.matchAll(/url:\s*"([^"]+)"/g)].map((match) => match[1])];
}

function weigh(app) {
  const root = new URL(`../dist/${app}/`, import.meta.url);
  if (!existsSync(root)) throw new Error(`${app} is not built`);
  const first = firstView(app, root);
  const view = new Set([...first, ...byItself(app, root)]);
  const row = (path) => ({ path, bytes: bytesOf(root, path), isLater: !first.has(path) });
  const sum = (paths) => [...paths].reduce((total, path) => total + bytesOf(root, path), 0);
  return {
    rows: [...view].map(row).sort((a, b) => b.bytes - a.bytes),
    script: sum([...first].filter((path) => path.endsWith(".js"))),
    view: sum(view),
    all: sum(new Set([...view, ...kept(root)])),
  };
}

let isTooBig = false;
for (const app of chosenApps(process.argv.slice(2))) {
  const weight = weigh(app);
  const words = Object.entries(BUDGETS[app]).map(([name, limit]) => {
    const isOver = weight[name] > limit * 1000;
    isTooBig ||= isOver;
    return `${name} ${(weight[name] / 1000).toFixed(1)} of ${limit} kB${isOver ? " TOO BIG" : ""}`;
  });
  console.log(`${app.padEnd(7)} ${words.join(" · ")}`);
  if (process.argv.includes("--files"))
    for (const row of weight.rows)
      console.log(
        `${String(row.bytes).padStart(10)}  ${row.path}${row.isLater ? "  (by itself, a moment later)" : ""}`,
      );
  if (app === "guest" && weight.rows.some((row) => /woff2?$/.test(row.path))) {
    console.error("the guest's page must use the phone's own font");
    isTooBig = true;
  }
}
if (isTooBig) process.exit(1);
