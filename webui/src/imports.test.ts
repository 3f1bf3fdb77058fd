import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = import.meta.dirname;

/** What a part of the screens may stand on, besides itself. */
const MAY: Record<string, string[]> = {
  generated: ["lib"],
  lib: ["generated"],
  ui: ["lib", "generated"],
  features: ["lib", "ui", "generated"],
  apps: ["lib", "ui", "features", "generated"],
};

/** Shows every application in the browser, with what another device would see: the one that may import the others. */
const SHOWCASE = "apps/gallery";

/** The part a file is of: `lib`, `ui`, a feature or an application by its name. Null for what is none of ours. */
function partOf(path: string): string | null {
  const [area = "", slice = "", inside] = path.split("/");
  if (!(area in MAY)) return null;
  // A test that plays several applications against each other lies beside them and is of none.
  if (area === "apps" && inside === undefined) return null;
  return area === "features" || area === "apps" ? `${area}/${slice}` : area;
}

/** What an import leads to, from `src/`; null for a package or a file outside. */
function targetOf(file: string, specifier: string): string | null {
  if (specifier.startsWith("$")) return specifier.slice(1);
  if (!specifier.startsWith(".")) return null;
  const path = normalize(join(dirname(file), specifier));
  return path.startsWith("..") ? null : path;
}

function mayImport(file: string, specifier: string): boolean {
  const target = targetOf(file, specifier);
  const [from, to] = [partOf(file), target === null ? null : partOf(target)];
  if (from === null || to === null || from === to || from === SHOWCASE) return true;
  return MAY[from.split("/")[0]!]!.includes(to.split("/")[0]!);
}

/** Every place a file names another one: imports, exports from, imports that are waited for, and mocks. */
function specifiersOf(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\bvi\.\w+\(\s*)["']([^"']+)["']/g)].map(([, name]) => name!);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile() && /\.(ts|js|svelte)$/.test(one.name))
    .map((one) => relative(SRC, join(one.parentPath, one.name)));
}

test("a feature imports no feature, what is shared imports none, and an application imports no other", () => {
  const files = filesUnder(SRC).filter((file) => !file.startsWith("lib/paraglide/"));
  const breaches = files.flatMap((file) =>
    specifiersOf(readFileSync(join(SRC, file), "utf-8"))
      .filter((specifier) => !mayImport(file, specifier))
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(files.length).toBeGreaterThan(400);
  expect(breaches).toEqual([]);
});

test.each([
  ["features/cash/XReport.svelte", "$features/ordering/asks"],
  ["features/cash/XReport.svelte", "../ordering/asks"],
  ["features/cash/XReport.svelte", "$features/ordering/CheckLines.svelte"],
  ["features/cash/drawers.test.ts", "$features/ordering/sample"],
  ["lib/drawers.ts", "../features/cash/words"],
  ["lib/words/payments.ts", "../../ui/Button.svelte"],
  ["ui/ActionSays.svelte", "$features/staff/pin"],
  ["apps/pos/Home.svelte", "../waiter/Home.svelte"],
])("%s may not import %s", (file, specifier) => {
  expect(mayImport(file, specifier)).toBe(false);
});

test.each([
  ["features/cash/XReport.svelte", "./report"],
  ["features/cash/XReport.svelte", "$ui"],
  ["features/cash/XReport.svelte", "$generated/vocabulary"],
  ["apps/pos/Home.svelte", "$features/cash/XReport.svelte"],
  ["lib/words/payments.ts", "../messages"],
  ["ui/ActionSays.svelte", "$lib/actions.svelte"],
  ["apps/pos/Home.svelte", "svelte"],
])("%s may import %s", (file, specifier) => {
  expect(mayImport(file, specifier)).toBe(true);
});

test("an import is seen however it is written", () => {
  const text = `import a from "one";\nimport {\n  b,\n} from "two";\nimport "three";\nexport * from 'four';\nconst c = await import("five");`;
  expect(specifiersOf(text)).toEqual(["one", "two", "three", "four", "five"]);
});

test("a component acts with an action: none asks the edge by itself", () => {
  const own = /\bapp\.(do|ask)\(|\boutbox\.(enqueue|callNow)\(/;
  const components = filesUnder(SRC).filter((file) => file.endsWith(".svelte"));
  const asking = components.filter((file) => own.test(readFileSync(join(SRC, file), "utf-8")));
  // The manager's PIN belongs to the action whose command it approves.
  expect(asking).toEqual(["ui/Approval.svelte"]);
});
