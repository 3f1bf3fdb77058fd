/** Serves one application with live reload: npm run dev -- waiter. EDGE_URL says where the edge is. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [app = "gallery", ...rest] = process.argv.slice(2);
const child = spawn(process.execPath, [here("../node_modules/vite/bin/vite.js"), ...rest], {
  cwd: here(".."),
  env: { ...process.env, APP: app },
  stdio: "inherit",
});
child.on("exit", (code) => process.exit(code ?? 0));
