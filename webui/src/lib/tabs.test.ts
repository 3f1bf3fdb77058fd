import { afterEach, describe, expect, test } from "vitest";
import { alone } from "./alone";
import { newId } from "./ids";
import { type Hold, Tabs, type TabsSettings } from "./tabs";

const made: Tabs[] = [];
let app = `test-${newId()}`;

function aTab(settings: TabsSettings): Tabs {
  const tab = new Tabs(app, { patienceMs: 50, handOverMs: 5000, ...settings });
  made.push(tab);
  return tab;
}

const nobodyElse = () => {
  throw new Error("another tab has it");
};

/** A tab that finds the application taken: how to take it over, and what comes of it. */
async function kept(tab: Tabs): Promise<{ takeOver: () => Promise<void>; coming: Promise<Hold> }> {
  let coming!: Promise<Hold>;
  const takeOver = await new Promise<() => Promise<void>>((resolve) => {
    coming = tab.hold(resolve);
  });
  return { takeOver, coming };
}

afterEach(() => {
  for (const tab of made.splice(0)) tab.close();
  app = `test-${newId()}`;
});

describe.each<[string, TabsSettings]>([
  ["with Web Locks", {}],
  ["on plain http", { locks: null }],
])("%s", (_, settings) => {
  test("one tab has the application, and gives it to the one that a person wants to use", async () => {
    const first = await aTab(settings).hold(nobodyElse);
    let isGiven = false;
    alone(
      first.given.then(() => {
        isGiven = true;
      }),
    );
    const { takeOver, coming } = await kept(aTab(settings));
    expect(isGiven).toBe(false);
    const taking = takeOver();
    await first.given; // the first tab keeps what it has, and only then lets go
    first.release();
    await taking;
    const second = await coming;
    const back = await kept(aTab(settings));
    const again = back.takeOver();
    await second.given;
    second.release();
    await again;
    (await back.coming).release();
  });

  test("a tab that does not answer loses it", async () => {
    const first = await aTab(settings).hold(nobodyElse);
    const { takeOver, coming } = await kept(aTab({ ...settings, handOverMs: 20 }));
    await takeOver();
    const second = await coming;
    await first.given;
    second.release();
  });

  test("a reload finds it free again", async () => {
    const first = await aTab(settings).hold(nobodyElse);
    first.release();
    (await aTab(settings).hold(nobodyElse)).release();
  });

  test("of two that start at once one has it", async () => {
    let denied = 0;
    let held = 0;
    const tabs = [aTab(settings), aTab(settings)];
    for (const tab of tabs) {
      const taken = tab.hold(() => {
        denied += 1;
      });
      alone(
        taken.then(() => {
          held += 1;
        }),
      );
    }
    await expect.poll(() => [held, denied], { timeout: 5000 }).toEqual([1, 1]);
  });
});
