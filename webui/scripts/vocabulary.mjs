import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A short digest of the vocabulary that a build knows: views that another one kept are not to be shown. */
export function vocabularyDigest() {
  const file = new URL("../src/generated/vocabulary.ts", import.meta.url);
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
}
