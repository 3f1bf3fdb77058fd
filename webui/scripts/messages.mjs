/** Compiles messages/<locale>/<area>.json to functions, after checking what the compiler lets through. */
import { readdirSync, readFileSync } from "node:fs";
import { compile } from "@inlang/paraglide-js";
import { paraglideOptions } from "./paraglide.mjs";

const root = new URL("../messages/", import.meta.url);
const settings = JSON.parse(readFileSync(new URL("../project.inlang/settings.json", import.meta.url), "utf8"));

/** The languages of the screens, the first one being what the others are compared with. Here and nowhere else. */
export const LOCALES = [settings.baseLocale, ...settings.locales.filter((one) => one !== settings.baseLocale)];

/** Parameters that count things; what comes after one of them has another form when it is one. */
const COUNTS = new Set(["count", "n", "people", "minutes", "max", "min", "free", "attempts_left", "left"]);
/** What may stand behind a number in one form only: it is no noun, or is written the same for one and for many. */
const SAME = new Set(
  [
    "sin más pers p s min h de del a y en con", // es-AR
    "more not to new free kept late waiting s of and in at with taken", // en
    "sem mais a e em na no com", // pt-BR
  ].flatMap((words) => words.split(" ")),
);

/** Every complaint about the message files: same keys in each language, keys begin with their area, same parameters. */
export function complaints() {
  const found = [];
  const areas = new Set(LOCALES.flatMap((locale) => readdirSync(new URL(`${locale}/`, root))));
  for (const area of [...areas].filter((name) => name.endsWith(".json"))) {
    const [base, ...others] = LOCALES.map((locale) => ({ locale, words: read(locale, area) }));
    const missing = [base, ...others].filter(({ words }) => !words);
    found.push(...missing.map(({ locale }) => `${area} is missing in ${locale}`));
    if (missing.length > 0) continue;
    for (const { locale, words } of others) found.push(...differences(area, base, { locale, words }));
    for (const { locale, words } of [base, ...others])
      for (const [key, message] of entriesOf(words))
        found.push(...plurals(locale, message).map((what) => `${locale}/${area}: ${key} ${what}`));
    const prefix = `${area.slice(0, -5)}_`;
    for (const [key] of entriesOf(base.words))
      if (!key.startsWith(prefix)) found.push(`${area}: ${key} does not begin with ${prefix}`);
  }
  return found;
}

function differences(area, base, other) {
  const found = [];
  for (const key of new Set([...entriesOf(base.words), ...entriesOf(other.words)].map(([name]) => name))) {
    if (!(key in base.words)) found.push(`${area}: ${key} is missing in ${base.locale}`);
    else if (!(key in other.words)) found.push(`${area}: ${key} is missing in ${other.locale}`);
    else if (holes(base.words[key]) !== holes(other.words[key]))
      found.push(`${area}: ${key} has other {parameters} in ${other.locale}`);
  }
  return found;
}

/**
 * What is wrong with how a message counts: a number before a noun in one form only, a form that the language has
 * and the message lacks, or nothing for a number that none of its forms was written for.
 */
export function plurals(locale, message) {
  if (typeof message === "string") return nounAfterCount(message) ? ["counts a noun in one form only"] : [];
  const found = [];
  const rules = new Intl.PluralRules(locale);
  const needed = new Set(Array.from({ length: 200 }, (_, number) => rules.select(number)));
  for (const { declarations, selectors, match } of message)
    for (const selector of selectors.filter((one) => isPlural(one, declarations))) {
      const named = new Set(Object.keys(match).flatMap((path) => formOf(path, selector)));
      if (!named.has("*")) found.push(`has no words for any other ${selector} (${selector}=*)`);
      const unsaid = [...needed].filter((form) => !named.has(form));
      if (unsaid.length > 1) found.push(`has one form for ${unsaid.join(" and ")}`);
    }
  return found;
}

function isPlural(selector, declarations) {
  return declarations.some((one) => one.startsWith(`local ${selector} = `) && one.endsWith(": plural"));
}

function formOf(path, selector) {
  return path.split(",").flatMap((part) => {
    const [name, form] = part.trim().split("=");
    return name === selector ? [form] : [];
  });
}

function nounAfterCount(text) {
  return [...text.matchAll(/\{(\w+)\}\s+(\p{L}+)/gu)].some(([, hole, word]) => COUNTS.has(hole) && !SAME.has(word));
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
  return readdirSync(new URL(`${LOCALES[0]}/`, root))
    .flatMap((area) => entriesOf(read(LOCALES[0], area)).map(([key]) => ({ area, key })))
    .filter(({ key }) => !said.has(key))
    .map(({ area, key }) => `${area}: ${key} is said nowhere`);
}

function entriesOf(words) {
  return Object.entries(words).filter(([key]) => key !== "$schema");
}

function read(locale, area) {
  try {
    return JSON.parse(readFileSync(new URL(`${locale}/${area}`, root), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw new Error(`messages/${locale}/${area}: ${error.message}`);
  }
}

/** What a message wants to be told: its inputs, or the {names} in a text. */
function holes(message) {
  if (typeof message === "string") return sorted([...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
  const declared = message.flatMap(({ declarations }) => declarations);
  return sorted(declared.flatMap((one) => one.match(/^input (\w+)$/)?.[1] ?? []));
}

function sorted(names) {
  return [...new Set(names)].sort().join();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const found = [...complaints(), ...unused()];
  for (const complaint of found) console.error(complaint);
  if (found.length > 0) process.exit(1);
  await compile(paraglideOptions);
}
