/** Builds every application, or those named: npm run build -- guest waiter. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chosenApps } from "./apps.mjs";
import { complaints } from "./messages.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const wrong = complaints();
for (const complaint of wrong) console.error(complaint);
if (wrong.length > 0) process.exit(1);

for (const app of chosenApps(process.argv.slice(2))) {
  console.log(`building ${app}`);
  const run = spawnSync(process.execPath, [here("../node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: here(".."),
    env: { ...process.env, APP: app },
    stdio: "inherit",
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
