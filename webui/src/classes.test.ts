import { describe, expect, test } from "vitest";
import { APPS } from "../scripts/apps.mjs";
import { classTexts, filesOf, moduleTexts, nameOf, sheetOf, wordsOf } from "../scripts/classes.mjs";

/** As many classes together are a part, or a word of the style sheet. */
const LONG = 6;
/** What has a word of its own in theme.css, or a part in ui/. */
const NAMED: Record<string, string[]> = {
  control: ["rounded-control", "border-2", "border-edge", "bg-surface"],
  chosen: ["border-action", "bg-chosen"],
  label: ["text-cap", "font-semibold", "text-ink-2"],
  allergy: ["bg-allergy", "text-on-allergy"],
};

describe("no look is written twice", () => {
  const files = [...new Set(APPS.flatMap(filesOf))].filter((file) => file.endsWith(".svelte"));
  const texts = files.flatMap((file) => [...new Set(classTexts(file))].map((text) => ({ file, words: wordsOf(text) })));

  test("no long list of classes stands in two components", () => {
    const places = new Map<string, Set<string>>();
    for (const { file, words } of texts.filter((one) => one.words.length >= LONG)) {
      const list = words.toSorted().join(" ");
      places.set(list, (places.get(list) ?? new Set()).add(nameOf(file)));
    }
    expect(texts.length).toBeGreaterThan(500);
    expect([...places].filter(([, where]) => where.size > 1).map(([list, where]) => [list, ...where])).toEqual([]);
  });

  test.each(Object.entries(NAMED))("%s is written by its name", (_, group) => {
    const spelled = texts.filter(({ words }) => group.every((word) => words.includes(word)));
    expect(spelled.map(({ file }) => nameOf(file))).toEqual([]);
  });
});

describe.each([...APPS, "gallery"])("the classes of %s", async (app) => {
  const { isKnown, isRead } = await sheetOf(app);
  const used = filesOf(app).map((file) => ({
    file,
    words: (file.endsWith(".svelte") ? classTexts(file) : moduleTexts(file, isKnown)).flatMap(wordsOf),
  }));

  test("are all known to Tailwind", () => {
    const words = used.flatMap((one) => one.words);
    expect(words.length).toBeGreaterThan(100);
    const unknown = used.flatMap(({ file, words }) =>
      words.filter((word) => !isKnown(word)).map((word) => `${nameOf(file)}: ${word}`),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  test("stand where its style sheet looks for them", () => {
    expect(used.filter(({ file, words }) => words.length > 0 && !isRead(file)).map(({ file }) => nameOf(file))).toEqual(
      [],
    );
  });
});
