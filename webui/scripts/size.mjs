/** Weighs a guest's first view: what index.html makes a phone fetch, compressed as the edge sends it. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const VIEW_LIMIT = 100_000;
const SCRIPT_LIMIT = 45_000;
const root = new URL("../dist/guest/", import.meta.url);

const html = readFileSync(new URL("index.html", root), "utf8");
const wanted = new Set(["index.html"]);
const queue = [...html.matchAll(/(?:src|href)="\/guest\/([^"]+)"/g)].map((match) => match[1]);
while (queue.length > 0) {
  const path = queue.pop();
  if (wanted.has(path) || /\.(png|webmanifest|ico)$/.test(path)) continue;
  wanted.add(path);
  if (!path.endsWith(".js")) continue;
  const script = readFileSync(new URL(path, root), "utf8");
  for (const match of script.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${match[1]}`);
}

const rows = [...wanted].map((path) => ({
  path,
  bytes: gzipSync(readFileSync(new URL(path, root)), { level: 6 }).length,
}));
const sum = (part) => part.reduce((total, row) => total + row.bytes, 0);
for (const row of rows.sort((a, b) => b.bytes - a.bytes)) console.log(`${String(row.bytes).padStart(8)}  ${row.path}`);
const script = sum(rows.filter((row) => row.path.endsWith(".js")));
const view = sum(rows);
console.log(
  `script ${script} of ${SCRIPT_LIMIT} bytes; first view ${view} of ${VIEW_LIMIT} bytes (without the menu's drawings)`,
);
const forbidden = rows.filter((row) => /woff2?$/.test(row.path));
if (forbidden.length > 0) console.error("the guest's page must use the phone's own font");
if (script > SCRIPT_LIMIT || view > VIEW_LIMIT || forbidden.length > 0) process.exit(1);
