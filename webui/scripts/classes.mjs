/** Which classes the components use, and which of them Tailwind knows: for a test, not for a build. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "svelte/compiler";
import { __unstable__loadDesignSystem as loadDesignSystem } from "tailwindcss";
import { alias } from "./alias.mjs";

export const root = fileURLToPath(new URL("../", import.meta.url));
const source = join(root, "src");
/** Marks for other classes to ask about: Tailwind gives them no style of their own. */
const MARKS = /^(group|peer)(\/[\w-]+)?$/;
const NO_CLASSES = new Set(["BinaryExpression", "ObjectPattern", "ArrayPattern"]);

/** What a file's parts are: its template and its scripts, each as a syntax tree. A module is read as a script. */
function treeOf(file) {
  const text = readFileSync(file, "utf8");
  const tree = parse(file.endsWith(".svelte") ? text : `<script lang="ts">${text}</script>`, { modern: true });
  return { template: tree.fragment, scripts: [tree.module, tree.instance].filter(Boolean).map((one) => one.content) };
}

/** Every node below one, itself first. */
function* nodes(node) {
  if (!node || typeof node !== "object") return;
  if (Array.isArray(node)) for (const one of node) yield* nodes(one);
  else if (typeof node.type === "string") {
    yield node;
    for (const [key, value] of Object.entries(node)) if (key !== "metadata") yield* nodes(value);
  }
}

/** The texts that an expression may become, its names followed to what this file says they are. */
function* texts(node, names, seen = new Set()) {
  if (!node || seen.has(node) || NO_CLASSES.has(node.type)) return;
  seen.add(node);
  const within = (...parts) => parts.flatMap((part) => [...texts(part, names, seen)]);
  switch (node.type) {
    case "Text":
      yield node.data;
      return;
    case "Literal":
      if (typeof node.value === "string") yield node.value;
      return;
    case "TemplateLiteral":
      yield* wholeWords(node.quasis.map((one) => one.value.cooked));
      yield* within(...node.expressions);
      return;
    case "Identifier":
      yield* within(names.get(node.name));
      return;
    case "ConditionalExpression":
      yield* within(node.consequent, node.alternate);
      return;
    case "MemberExpression":
      yield* within(node.object);
      return;
    case "CallExpression":
      yield* within(node.callee, ...(isRune(node.callee) ? node.arguments : []));
      return;
    case "Property":
      yield* within(node.value);
      return;
    default:
      for (const [key, value] of Object.entries(node))
        if (key !== "metadata" && value && typeof value === "object") yield* within(...[value].flat());
  }
}

/** Text around a hole, without the words that the hole is part of. */
function wholeWords(quasis) {
  const last = quasis.length - 1;
  return quasis.map((text, at) => {
    const begun = at > 0 ? text.replace(/^\S+/, "") : text;
    return at < last ? begun.replace(/\S+$/, "") : begun;
  });
}

function isRune(callee) {
  return (callee.type === "MemberExpression" ? callee.object : callee).name?.startsWith("$") ?? false;
}

/** What each name at the top of a script is: its first value, or the function. */
function namesOf(scripts) {
  const names = new Map();
  for (const script of scripts)
    for (const one of script.body.map((node) => node.declaration ?? node)) {
      if (one.type === "FunctionDeclaration") names.set(one.id.name, one.body);
      if (one.type === "VariableDeclaration")
        for (const { id, init } of one.declarations) if (id.type === "Identifier") names.set(id.name, init);
    }
  return names;
}

/** The texts in the `class` of everything a component draws. */
export function classTexts(file) {
  const { template, scripts } = treeOf(file);
  const names = namesOf(scripts);
  const found = [];
  for (const node of nodes(template))
    if (node.type === "Attribute" && node.name === "class")
      found.push(...texts({ type: "Class", of: node.value }, names));
  return found;
}

/** The texts of a module; a text is a list of classes when Tailwind knows two of its words. */
export function moduleTexts(file, isKnown) {
  const found = [];
  for (const script of treeOf(file).scripts)
    for (const node of nodes(script))
      if (node.type === "Literal" || node.type === "TemplateLiteral") found.push(...texts(node, new Map()));
  return found.filter((text) => wordsOf(text).filter(isKnown).length >= 2);
}

export function wordsOf(text) {
  return text.split(/\s+/).filter(Boolean);
}

/** The files that an application is made of: its components and modules, from its entry on. */
export function filesOf(app) {
  const seen = new Set();
  const open = [join(source, "apps", app, "main.ts")];
  for (let file = open.pop(); file; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const script of treeOf(file).scripts)
      for (const node of nodes(script)) {
        const said = node.source?.type === "Literal" ? node.source.value : null;
        const found = said === null ? null : fileOf(said, file);
        if (found) open.push(found);
      }
  }
  return [...seen].filter((file) => file.startsWith(source));
}

function fileOf(said, from) {
  const [first, ...rest] = said.split("/");
  const path = first in alias ? join(alias[first], ...rest) : said.startsWith(".") ? join(dirname(from), said) : null;
  if (path === null) return null;
  const tries = [path, `${path}.ts`, join(path, "index.ts")].filter((one) => /\.(ts|svelte)$/.test(one));
  return tries.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile()) ?? null;
}

/** What an application's style sheet knows, and whether it looks into a file at all. */
export async function sheetOf(app) {
  const base = join(source, "apps", app);
  const css = readFileSync(join(base, "app.css"), "utf8");
  const design = await loadDesignSystem(css, { base, loadStylesheet });
  const known = new Map();
  const isKnown = (word) => {
    if (!known.has(word)) known.set(word, MARKS.test(word) || design.candidatesToCss([word])[0] !== null);
    return known.get(word);
  };
  const places = [...css.matchAll(/@source "([^"]+)"/g)].map((match) => join(base, match[1]));
  const isRead = (file) => places.some((place) => file === place || file.startsWith(place.replace(/\/$/, "") + sep));
  return { isKnown, isRead };
}

async function loadStylesheet(id, base) {
  const path = id === "tailwindcss" ? join(root, "node_modules/tailwindcss/index.css") : join(base, id);
  return { path, base: dirname(path), content: readFileSync(path, "utf8") };
}

export function nameOf(file) {
  return relative(source, file);
}
