import { describe, expect, test } from "vitest";
import { APPS } from "../scripts/apps.mjs";
import { classTexts, filesOf, moduleTexts, nameOf, sheetOf, wordsOf } from "../scripts/classes.mjs";

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
