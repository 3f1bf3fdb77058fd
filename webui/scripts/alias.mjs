import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Short names of the folders, the same in builds and tests. */
export const alias = {
  $lib: here("../src/lib"),
  $ui: here("../src/ui"),
  $features: here("../src/features"),
  $generated: here("../src/generated"),
};
