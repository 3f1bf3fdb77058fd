/** Compiles messages/<locale>/<area>.json to functions, after checking what the compiler lets through. */
import { readdirSync, readFileSync } from "node:fs";
import { compile } from "@inlang/paraglide-js";
import { paraglideOptions } from "./paraglide.mjs";

const root = new URL("../messages/", import.meta.url);
const locales = ["es-AR", "en"];

/** Every complaint about the message files: same keys in each language, keys begin with their area, same parameters. */
export function complaints() {
  const found = [];
  const areas = new Set(locales.flatMap((locale) => readdirSync(new URL(`${locale}/`, root))));
  for (const area of [...areas].filter((name) => name.endsWith(".json"))) {
    const [spanish, english] = locales.map((locale) => read(locale, area));
    if (!spanish || !english) {
      found.push(`${area} is missing in ${spanish ? "en" : "es-AR"}`);
      continue;
    }
    const prefix = `${area.slice(0, -5)}_`;
    for (const key of new Set([...Object.keys(spanish), ...Object.keys(english)])) {
      if (key === "$schema") continue;
      if (!key.startsWith(prefix)) found.push(`${area}: ${key} does not begin with ${prefix}`);
      if (!(key in spanish)) found.push(`${area}: ${key} has no Spanish`);
      else if (!(key in english)) found.push(`${area}: ${key} has no English`);
      else if (holes(spanish[key]) !== holes(english[key]))
        found.push(`${area}: ${key} has other {parameters} in English`);
    }
  }
  return found;
}

/** Every message that no screen says: neither by its name, nor among the words that are made for refusals. */
export function unused() {
  const folder = new URL("../src/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    ({ name, parentPath }) =>
      /\.(ts|svelte)$/.test(name) && !/\.test\.ts$/.test(name) && !parentPath.includes("paraglide"),
  );
  const said = new Set();
  for (const { name, parentPath } of files)
    for (const [word] of readFileSync(`${parentPath}/${name}`, "utf8").matchAll(/[a-z]+(?:_[a-z0-9]+)+/g))
      said.add(word);
  return readdirSync(new URL(`${locales[0]}/`, root))
    .flatMap((area) => Object.keys(read(locales[0], area)).map((key) => ({ area, key })))
    .filter(({ key }) => key !== "$schema" && !said.has(key))
    .map(({ area, key }) => `${area}: ${key} is said nowhere`);
}

function read(locale, area) {
  try {
    return JSON.parse(readFileSync(new URL(`${locale}/${area}`, root), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw new Error(`messages/${locale}/${area}: ${error.message}`);
  }
}

function holes(message) {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const found = [...complaints(), ...unused()];
  for (const complaint of found) console.error(complaint);
  if (found.length > 0) process.exit(1);
  await compile(paraglideOptions);
}
