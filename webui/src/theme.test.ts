import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Tokens = Record<string, string>;
type Rgb = [number, number, number];

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const DECLARED = /--color-([\w-]+):\s*(#[0-9A-Fa-f]{3,6})/g;
const tokens = (css: string): Tokens =>
  Object.fromEntries([...css.matchAll(DECLARED)].map((match) => [match[1]!, match[2]!]));

/** The tokens of the rules with that selector. A sheet that writes it another way fails: nothing found is no theme. */
function theme(css: string, selector: string): Tokens {
  const [, ...rules] = css.split(`${selector} {`);
  const found = tokens(rules.map((rule) => rule.slice(0, rule.indexOf("}"))).join("\n"));
  if (Object.keys(found).length === 0) throw new Error(`no colours in ${selector}`);
  return found;
}

const css = read("./theme.css");
const light = theme(css, "@theme");
const changed = theme(css, '[data-theme="dark"]');
const dark = { ...light, ...changed };
const bands = { ...dark, ...theme(read("./bands.css"), "@theme") };

const rgb = (hex: string): Rgb => {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255) as Rgb;
};
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(hex: string): number {
  const [red, green, blue] = rgb(hex).map(linear) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of WCAG 2. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** How people see who lack one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1. */
const SIGHTS: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function oklab(hex: string, sight: number[]): Rgb {
  const color = rgb(hex).map(linear) as Rgb;
  const seen = [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, sight[row]! * color[0] + sight[row + 1]! * color[1] + sight[row + 2]! * color[2])),
  ) as Rgb;
  const [red, green, blue] = seen;
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}

function worstPair(fills: string[]): { distance: number; pair: string } {
  let worst = { distance: Number.POSITIVE_INFINITY, pair: "" };
  for (const [name, sight] of Object.entries(SIGHTS)) {
    for (const [index, first] of fills.entries()) {
      for (const second of fills.slice(index + 1)) {
        const [a, b] = [oklab(first, sight), oklab(second, sight)];
        const distance = 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        if (distance < worst.distance) worst = { distance, pair: `${first} ${second} ${name}` };
      }
    }
  }
  return worst;
}

const STATES = ["draft", "cook", "ready", "warn", "late"];

describe("the two themes", () => {
  test("hold every colour that the sheet declares, each once", () => {
    expect([...css.matchAll(DECLARED)]).toHaveLength(Object.keys(light).length + Object.keys(changed).length);
  });

  test("differ in what is behind and what is written, and dark names no colour of its own", () => {
    expect(Object.keys(changed).filter((name) => !(name in light))).toEqual([]);
    for (const name of ["bg", "surface", "ink", "action", ...STATES.map((state) => `${state}-tint`)])
      expect(dark[name], name).not.toBe(light[name]);
  });
});

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s theme", (_name, theme) => {
  const color = (name: string) => theme[name] ?? expect.fail(`no --color-${name}`);

  test.each([
    ...["ink", "ink-2", "ink-3"].flatMap((ink) => ["bg", "surface", "sunken"].map((ground) => [ink, ground])),
    ...STATES.map((state) => [`${state}-ink`, `${state}-tint`]),
    ...STATES.map((state) => [`${state}-ink`, "surface"]),
    ...STATES.map((state) => [`on-${state}`, state]),
    ["comp-ink", "comp-tint"],
    ["mute-ink", "mute-tint"],
    ["on-action", "action"],
    ["ink", "chosen"],
    ["on-allergy", "allergy"],
    ["brand", "surface"],
  ] as [string, string][])("%s can be read on %s", (ink, ground) => {
    expect(contrast(color(ink), color(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ["edge", "surface"],
    ["focus", "surface"],
    ["focus", "bg"],
    ["draft", "surface"],
    ["cook", "surface"],
    ["late", "surface"],
    ["action", "surface"],
  ])("%s marks something on %s", (mark, ground) => {
    expect(contrast(color(mark), color(ground))).toBeGreaterThanOrEqual(3);
  });

  test("its states stay apart for every kind of sight", () => {
    const worst = worstPair(STATES.map(color));
    expect(worst.distance, worst.pair).toBeGreaterThanOrEqual(12);
  });
});

describe("density", () => {
  test("is one axis, and the device another: compact stands after every device, and leaves a finger its target", () => {
    const [devices, compact] = css.split(':root[data-density="compact"]');
    expect(css.match(/data-density="compact"\]:not\(:root\)|data-density="compact"\]/g)).toHaveLength(3);
    for (const device of ["guest", "phone", "tablet", "pos", "kds", "owner"])
      expect(devices).toContain(`:root[data-device="${device}"] {`);
    expect(Number(compact!.match(/--target: ([\d.]+)rem/)![1])).toBeGreaterThanOrEqual(2.75);
  });
});

describe("kitchen bands", () => {
  const names = ["calm", "first", "ready", "changed", "void"];

  test.each([...names, "late"])("text can be read on %s", (name) => {
    expect(contrast(bands[`on-band-${name}`]!, bands[`band-${name}`]!)).toBeGreaterThanOrEqual(4.5);
  });

  test("the ages and a change stay apart for every kind of sight", () => {
    const worst = worstPair(["calm", "first", "late", "ready", "changed"].map((name) => bands[`band-${name}`]!));
    expect(worst.distance, worst.pair).toBeGreaterThanOrEqual(12);
  });
});
