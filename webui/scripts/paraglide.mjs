import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * How the message files become functions; the same for development, build and tests.
 *
 * @type {import("@inlang/paraglide-js").CompilerOptions}
 */
export const paraglideOptions = {
  project: here("../project.inlang"),
  outdir: here("../src/lib/paraglide"),
  strategy: ["globalVariable", "baseLocale"],
  outputStructure: "message-modules",
  emitGitIgnore: false,
  emitPrettierIgnore: false,
  isServer: "false",
};
