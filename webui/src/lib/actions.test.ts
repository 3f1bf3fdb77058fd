// @vitest-environment jsdom
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Action, type CommandSpec } from "./actions.svelte";
import { type App, startApp } from "./app.svelte";
import { NEW_LINK } from "./feed";
import { startLanguage } from "./i18n.svelte";
import type { Answer, Command } from "./outbox";

let app: App;
let nowMs = 0;
/** What was asked at once and waits for an answer, oldest first. */
let waiting: { commands: Command[]; answer: (by: Partial<Answer>) => void; lose: () => void }[];
const kept = () => app.unsettled.filter((one) => one.seq === null).map(({ command }) => command);

/** The network: what is asked is answered when a test says so, or its answer is lost once the time is over. */
function network(_url: string, init: RequestInit): Promise<Response> {
  const { commands } = JSON.parse(String(init.body)) as { commands: Command[] };
  return new Promise((resolve, reject) => {
    const answer = (by: Partial<Answer>) => {
      const answers = commands.map(({ id }) => ({ id, outcome: "done", seq: 0, ...by }));
      resolve(new Response(JSON.stringify({ answers })));
    };
    const lose = () => {
      vi.setSystemTime(Date.now() + 10_000);
      reject(new TypeError("Failed to fetch"));
    };
    waiting.push({ commands, answer, lose });
  });
}

/** The next thing that is asked at once, when it has left. */
async function asked(place: number): Promise<(typeof waiting)[number]> {
  await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(place));
  return waiting[place]!;
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.stubGlobal("fetch", network);
  startLanguage();
  globalThis.indexedDB = new IDBFactory();
  app = await startApp({ app: "pos" });
  app.outbox.stop(); // what is kept stays
  app.feed.start = () => undefined;
  await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
  nowMs = 0;
  app.presses.now = () => nowMs;
  app.link = { ...NEW_LINK, face: "live" };
  waiting = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const bill = (by: Partial<CommandSpec<string>> = {}) =>
  new Action<string>(
    app,
    {
      id: "bill",
      label: (id) => id,
      command: (check_id) => ({ name: "print_guest_check", body: { check_id } }),
      ...by,
    },
    () => "c1",
  );

describe("kept and sent", () => {
  test("pressed twice in one turn is asked once", async () => {
    const action = bill();
    expect(await Promise.all([action.run(), action.run()])).toEqual([true, false]);
    expect(kept()).toHaveLength(1);
  });

  test("by another button in the same moment, too", async () => {
    app.unsettled = [];
    await bill().run();
    app.unsettled = []; // the edge was quick, the finger was quicker
    expect(await bill().run()).toBe(false);
    nowMs = 600;
    expect(await bill().run()).toBe(true);
  });

  test("while it waits here it says that it is on its way, however long", async () => {
    const action = bill();
    await action.run();
    nowMs = 60_000;
    expect(action.reason).toBe("Ya está en camino.");
    expect(await action.run()).toBe(false);
    expect(action.whyNot("c2")).toBe(null);
    expect(kept()).toHaveLength(1);
  });

  test("a switch goes there and back and there again before anything was sent", async () => {
    const turn = new Action<boolean>(
      app,
      {
        id: "turn",
        label: String,
        isSwitch: true,
        command: (isOut) => ({ name: isOut ? "eighty_six_item" : "restore_item", body: { item_id: "flan" } }),
      },
      () => null,
    );
    for (const isOut of [true, false, true]) {
      nowMs += 600;
      expect(await turn.run(isOut)).toBe(true);
    }
    expect(kept().map((one) => one.name)).toEqual(["eighty_six_item", "restore_item", "eighty_six_item"]);
  });
});

describe("asked and waited for", () => {
  test("is busy until the answer, and takes no second press meanwhile", async () => {
    const action = bill({ mode: "ask" });
    const first = action.run();
    expect(action.isBusy).toBe(true);
    expect(await action.run()).toBe(false);
    (await asked(0)).answer({});
    expect(await first).toBe(true);
    expect(action.isBusy).toBe(false);
    expect(waiting).toHaveLength(1);
  });

  test("refused, says why and may be asked again at once", async () => {
    const action = bill({ mode: "ask" });
    const first = action.run();
    (await asked(0)).answer({ outcome: "refused", code: "needs_permission" });
    expect(await first).toBe(false);
    expect(action.refusal).toBe("needs_permission");
    expect(action.problem).toBe("Tu rol no puede hacer esto. Pedíselo a un encargado.");
    const second = action.run();
    expect(action.problem).toBe(null);
    (await asked(1)).answer({});
    expect(await second).toBe(true);
  });

  test("with no answer is never asked anew: only whether it was done", async () => {
    const action = bill({ mode: "ask" });
    const first = action.run();
    const { commands, lose } = await asked(0);
    lose();
    expect(await first).toBe(false);
    expect(action.isAllowed).toBe(false);
    expect(await action.run("c2")).toBe(false);
    const again = action.consult();
    expect((await asked(1)).commands).toEqual(commands);
    (await asked(1)).answer({});
    expect(await again).toBe(true);
    expect(action.doubt).toBe(null);
  });

  test("of a switch, what is chosen while an answer is waited for is asked next, and the last choice wins", async () => {
    const assigned: string[] = [];
    const assign = bill({ mode: "ask", isSwitch: true, ondone: (who) => assigned.push(who) });
    const first = assign.run("ana");
    await assign.run("beto");
    await assign.run("caro");
    (await asked(0)).answer({});
    (await asked(1)).answer({});
    expect(await first).toBe(true);
    expect(assigned).toEqual(["ana", "caro"]);
  });

  test("needs the edge, and says so", () => {
    app.link = { ...app.link, face: "no_edge" };
    expect(bill({ mode: "ask" }).reason).toBe("Necesita conexión con el servidor.");
    expect(bill().reason).toBe(null);
  });
});

describe("a permission that is missing", () => {
  test("is said in words", async () => {
    const action = bill({ permission: "charge" });
    expect(action.reason).toBe("Tu rol no puede hacer esto.");
    expect(await action.run()).toBe(false);
    expect(kept()).toEqual([]);
  });

  test("is asked of a manager where that is possible; one sheet, one command", async () => {
    const action = bill({ permission: "charge", approve: (id) => `Cuenta ${id}` });
    const first = action.run();
    expect(action.waiting?.what).toBe("Cuenta c1");
    expect(await action.run()).toBe(false);
    action.approved({ state: "answered", answers: [{ id: "x", outcome: "done", seq: 1 }] });
    expect(await first).toBe(true);
    expect(kept()).toEqual([]); // the manager's sheet has asked it, with the approval
  });

  test("given up, leaves everything as it was", async () => {
    const action = bill({ permission: "charge", approve: () => "" });
    const first = action.run();
    action.approved(null);
    expect(await first).toBe(false);
    expect([action.isBusy, action.problem, action.isAllowed]).toEqual([false, null, true]);
  });

  test("is the edge's to ask: with no link no PIN is asked for", () => {
    app.link = { ...app.link, face: "no_edge" };
    expect(bill({ permission: "charge", approve: () => "" }).reason).toBe("Necesita conexión con el servidor.");
  });
});

test("a reason with words goes before one without", () => {
  const action = bill({ whyNot: () => "", permission: "charge" });
  expect(action.reason).toBe("Tu rol no puede hacer esto.");
  expect(bill({ whyNot: () => "" }).reason).toBe("");
});
