// @vitest-environment jsdom
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { changePrinter } from "$generated/limits";
import { alone } from "$lib/alone";
import { type App, startApp } from "$lib/app.svelte";
import { ask } from "$lib/asks";
import { NEW_LINK } from "$lib/feed";
import { startLanguage } from "$lib/i18n.svelte";
import type { Answer, Command } from "$lib/outbox";
import { Shelf } from "$lib/shelf";
import { waitingText } from "$lib/waiting";
import { Editing, type EditingSpec, leftUnsaved, type Saved } from "./editing.svelte";
import type { Problems } from "./limits";

interface Doc {
  printer_name: string;
  host: string;
  port: number;
}
const DOC: Doc = { printer_name: "Cocina", host: "10.0.0.5", port: 9100 };

let app: App;
let nowMs = 0;
/** What the views say. */
let record: Saved<Doc> | undefined;
/** What was asked and waits for an answer, oldest first. */
let asked: { command: Command; answer: (by?: Partial<Answer>) => void; lose: () => void }[];

function network(_url: string, init: RequestInit): Promise<Response> {
  const [command] = (JSON.parse(String(init.body)) as { commands: Command[] }).commands as [Command];
  return new Promise((resolve, reject) => {
    const answer = (by: Partial<Answer> = {}) =>
      resolve(Response.json({ answers: [{ id: command.id, outcome: "done", seq: 1, ...by }] }));
    asked.push({ command, answer, lose: () => reject(new TypeError("Failed to fetch")) });
  });
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.stubGlobal("fetch", network);
  startLanguage();
  globalThis.indexedDB = new IDBFactory();
  [asked, record] = [[], { doc: DOC, rev: "r1", who: "Ana", at_ms: 1 }];
  await startHere();
});
afterEach(async () => {
  await app.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function startHere(): Promise<void> {
  app = await startApp({ app: "pos" });
  app.outbox.stop();
  app.feed.start = () => undefined;
  await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
  await app.session.unlock({ staff_id: "ana", name: "Ana", role: "manager", permissions: [], session: "s" });
  nowMs = 0;
  app.presses.now = () => nowMs;
  app.link = { ...NEW_LINK, face: "live" };
}

/** The page is loaded again: nothing is left but what is on the device. */
async function reload(): Promise<void> {
  await app.stop();
  await startHere();
}

function open(by: Partial<EditingSpec<Doc>> = {}): Editing<Doc> {
  return new Editing<Doc>(app, {
    key: "printer:p1",
    record: () => record,
    limits: changePrinter,
    save: ({ changes, if_rev }) => ask("change_printer", { printer_id: "p1", ...changes, if_rev }),
    ...by,
  });
}

/** Somebody else saves, and the views say so. */
function saves(who: string, rev: string, by: Partial<Doc>): void {
  record = { doc: { ...(record as Saved<Doc>).doc, ...by }, rev, who, at_ms: 5 };
}

async function sent(place: number) {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(place));
  return asked[place]!;
}

describe("steps", () => {
  test("each has a name, is undone and done again, and never changes a document in place", () => {
    const edit = open();
    const before = edit.doc;
    edit.set("host", "10.0.0.6", "Dirección");
    edit.change("Todo", (doc) => ({ ...doc, printer_name: "Barra", port: 1 }));
    expect([edit.undoes, edit.redoes]).toEqual(["Todo", null]);
    edit.undo();
    expect([edit.doc, edit.undoes, edit.redoes]).toEqual([{ ...DOC, host: "10.0.0.6" }, "Dirección", "Todo"]);
    edit.undo();
    edit.undo();
    expect([edit.doc, edit.isDirty, edit.undoes]).toEqual([DOC, false, null]);
    edit.redo();
    edit.redo();
    edit.redo();
    expect(edit.doc).toEqual({ printer_name: "Barra", host: "10.0.0.6", port: 1 });
    expect(before).toEqual(DOC);
  });

  test("what is typed into one field without a pause is one; a pause or another field begins a new one", () => {
    const edit = open();
    for (const text of ["C", "Co", "Com"]) edit.set("printer_name", text, "Nombre");
    edit.set("host", "1", "Dirección");
    vi.setSystemTime(Date.now() + 801);
    edit.set("host", "10", "Dirección");
    const hosts = [];
    while (edit.undoes !== null) {
      edit.undo();
      hosts.push([edit.doc.printer_name, edit.doc.host]);
    }
    expect(hosts).toEqual([
      ["Com", "1"],
      ["Com", "10.0.0.5"],
      ["Cocina", "10.0.0.5"],
    ]);
  });

  test("survive a reload, those that can be undone and those that can be done again", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    edit.set("port", 9101, "Puerto");
    edit.undo();
    await reload();
    const again = open();
    expect([again.doc.host, again.doc.port, again.left !== null]).toEqual(["10.0.0.6", 9100, true]);
    again.redo();
    expect(again.doc.port).toBe(9101);
    again.undo();
    again.undo();
    expect([again.doc, again.isDirty]).toEqual([DOC, false]);
  });

  test("before a save can be undone after it, and saved as a change of what is saved", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    const done = edit.save();
    (await sent(0)).answer();
    await done;
    edit.undo();
    edit.set("port", 1, "Puerto");
    alone(edit.save());
    expect((await sent(1)).command.body).toEqual({
      printer_id: "p1",
      host: "10.0.0.5",
      port: 1,
      if_rev: asked[0]!.command.id,
    });
  });
});

describe("kept work", () => {
  test("is there for who typed it, until it is saved or discarded", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    await reload();
    expect([...leftUnsaved(app)]).toEqual(["printer:p1"]);
    open().discard();
    expect([open().doc, [...leftUnsaved(app)]]).toEqual([DOC, []]);
    const other = open();
    other.set("port", 1, "Puerto");
    await app.session.unlock({ staff_id: "beto", name: "Beto", role: "manager", permissions: [], session: "s" });
    expect([open().doc, open().left]).toEqual([DOC, null]);
  });

  test("is copied as what was typed, without the way there", () => {
    const edit = open();
    edit.set("host", "10.0.0.7", "Dirección");
    vi.setSystemTime(Date.now() + 801);
    edit.set("host", "10.0.0.6", "Dirección");
    const text = waitingText(app.shelf);
    expect(text).toContain("host: 10.0.0.6");
    expect(text).not.toContain("10.0.0.7");
  });

  test("of a new record keeps its id, so that asking again makes no second one", async () => {
    record = undefined;
    let made = 0;
    const fresh = () => ({ ...DOC, printer_name: `new ${++made}` });
    const edit = open({ key: "printer:new", fresh });
    edit.set("host", "10.0.0.6", "Dirección");
    await reload();
    expect(open({ key: "printer:new", fresh }).doc).toEqual({ ...DOC, printer_name: "new 1", host: "10.0.0.6" });
  });

  test("is asked about before the screen goes", async () => {
    const edit = open();
    expect(await edit.mayLeave()).toBe(true);
    edit.set("host", "10.0.0.6", "Dirección");
    const stays = edit.mayLeave();
    expect(edit.isLeaving).toBe(true);
    edit.leave("stay");
    expect([await stays, edit.isLeaving]).toEqual([false, false]);
    const goes = edit.mayLeave();
    edit.leave("later");
    expect([await goes, [...leftUnsaved(app)]]).toEqual([true, ["printer:p1"]]);
    const drops = edit.mayLeave();
    edit.leave("discard");
    expect([await drops, [...leftUnsaved(app)]]).toEqual([true, []]);
  });
});

describe("checks", () => {
  test("limits come from the vocabulary, and stand at the path the moment it is wrong", async () => {
    const edit = open({ check: (doc): Problems => (doc.host === "no" ? { host: "No es una dirección" } : {}) });
    edit.set("port", 70_000, "Puerto");
    edit.set("host", "no", "Dirección");
    edit.set("printer_name", " ", "Nombre");
    expect(["port", "host", "printer_name"].map((path) => edit.problemAt(path))).toEqual([
      "El máximo es 65535",
      "No es una dirección",
      "Falta completar",
    ]);
    expect(await edit.save()).toBe(false);
    expect([edit.stops, asked.length]).toEqual([1, 0]);
  });

  test("what is no number stands as it was typed, and is not sent", async () => {
    const edit = open();
    edit.set("port", "91oo", "Puerto");
    expect([edit.valueAt("port"), edit.problemAt("port"), await edit.save()]).toEqual([
      "91oo",
      "Tiene que ser un número entero",
      false,
    ]);
  });

  test("a new record is not blamed for what nobody has come to yet", async () => {
    record = undefined;
    const edit = open({ fresh: () => ({ printer_name: "", host: "", port: 9100 }) });
    expect(edit.problemAt("host")).toBeNull();
    await edit.save();
    expect(edit.problemAt("host")).toBe("Falta completar");
  });

  test("a refusal that names a path stands there until something changes", async () => {
    const edit = open();
    edit.set("host", "casa", "Dirección");
    const done = edit.save();
    (await sent(0)).answer({
      outcome: "refused",
      code: "printer_invalid",
      facts: { problem: "host", path: "host" },
    });
    expect(await done).toBe(false);
    expect([edit.state, edit.problemAt("host")]).toEqual([
      "refused",
      "Eso no es una dirección de red. Por ejemplo: 192.168.1.50.",
    ]);
    edit.set("host", "10.0.0.9", "Dirección");
    expect([edit.state, edit.problemAt("host")]).toEqual(["kept", null]);
  });
});

describe("a save", () => {
  test("sends what changed and nothing else, with the revision it was changed from", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    const done = edit.save();
    const { command, answer } = await sent(0);
    expect(command).toMatchObject({
      name: "change_printer",
      body: { printer_id: "p1", host: "10.0.0.6", if_rev: "r1" },
    });
    expect(Object.keys(command.body).sort()).toEqual(["host", "if_rev", "printer_id"]);
    expect(edit.state).toBe("saving");
    answer();
    expect([await done, edit.state, [...leftUnsaved(app)]]).toEqual([true, "saved", []]);
  });

  test("is known by the feed before or after its answer, and is nobody else's change", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    const done = edit.save();
    const { command, answer } = await sent(0);
    const older = record;
    saves("Ana", command.id, { host: "10.0.0.6" });
    edit.follow();
    answer();
    await done;
    record = older; // the view of a moment ago
    edit.follow();
    expect([edit.theirs, edit.doc.host, edit.state]).toEqual([null, "10.0.0.6", "saved"]);
    saves("Ana", command.id, { host: "10.0.0.6" });
    edit.follow();
    expect([edit.theirs, edit.doc.host, edit.state]).toEqual([null, "10.0.0.6", "saved"]);
  });

  test("keeps what is typed while it is on its way, as a change of what was sent", async () => {
    let closed = 0;
    const edit = open({ onsaved: () => closed++ });
    edit.set("host", "10.0.0.6", "Dirección");
    const done = edit.save();
    const { answer } = await sent(0);
    edit.set("host", "10.0.0.66", "Dirección");
    answer();
    await done;
    expect([edit.doc.host, edit.state, closed]).toEqual(["10.0.0.66", "kept", 0]);
    edit.undo();
    expect([edit.doc.host, edit.isDirty]).toEqual(["10.0.0.6", false]);
  });

  test("whose answer is lost keeps everything, and is cleared by asking again", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    const done = edit.save();
    const lost = await sent(0);
    vi.setSystemTime(Date.now() + 10_000);
    lost.lose();
    expect([await done, edit.saving.doubt !== null, edit.isDirty]).toEqual([false, true, true]);
    saves("Ana", lost.command.id, { host: "10.0.0.6" });
    edit.follow();
    expect(edit.theirs).toBeNull();
    const again = edit.saving.consult();
    (await sent(1)).answer();
    await again;
    edit.follow();
    expect([edit.isDirty, edit.theirs]).toEqual([false, null]);
  });
});

describe("somebody faster", () => {
  test("is taken over where nobody here touched it, and said by name", () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    saves("Marta", "r2", { port: 9101 });
    edit.follow();
    expect(edit.doc).toEqual({ ...DOC, host: "10.0.0.6", port: 9101 });
    expect(edit.theirs).toMatchObject({ who: "Marta", at_ms: 5, clashes: [] });
    expect(edit.theirs?.taken).toEqual([{ path: ["port"], before: 9100, after: 9101 }]);
  });

  test("at the same field is shown beside ours, which stays until a person decides", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    saves("Marta", "r2", { host: "10.0.0.7" });
    edit.follow();
    const [clash] = edit.theirs?.clashes ?? [];
    expect([edit.doc.host, edit.state, clash?.path, clash?.theirs]).toEqual([
      "10.0.0.6",
      "changed",
      ["host"],
      "10.0.0.7",
    ]);
    expect([await edit.save(), asked.length]).toEqual([false, 0]);
    edit.decide(clash!, "theirs");
    expect([edit.doc.host, edit.isDirty]).toEqual(["10.0.0.7", false]);
    edit.undo();
    alone(edit.save());
    expect((await sent(0)).command.body).toEqual({ printer_id: "p1", host: "10.0.0.6", if_rev: "r2" });
  });

  test("ours, chosen, is saved from their revision", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    saves("Marta", "r2", { host: "10.0.0.7" });
    edit.follow();
    edit.decide(edit.theirs!.clashes[0]!, "ours");
    alone(edit.save());
    expect((await sent(0)).command.body).toEqual({ printer_id: "p1", host: "10.0.0.6", if_rev: "r2" });
  });

  test("is never undone by *undo*", () => {
    const edit = open();
    edit.set("printer_name", "Barra", "Nombre");
    edit.set("host", "10.0.0.6", "Dirección");
    edit.undo();
    saves("Marta", "r2", { port: 9101, host: "10.0.0.7" });
    edit.follow();
    edit.undo();
    expect([edit.doc, edit.isDirty]).toEqual([{ ...DOC, port: 9101, host: "10.0.0.7" }, false]);
    edit.redo();
    edit.redo();
    expect(edit.doc).toEqual({ printer_name: "Barra", host: "10.0.0.6", port: 9101 });
  });

  test("whom only the refusal tells of is named, and met once the views know", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    const done = edit.save();
    (await sent(0)).answer({
      outcome: "refused",
      code: "changed_meanwhile",
      facts: { who: "Marta", when: 5, rev: "r2" },
    });
    expect(await done).toBe(false);
    expect([edit.state, edit.saving.facts.who, edit.doc.host]).toEqual(["changed", "Marta", "10.0.0.6"]);
    saves("Marta", "r2", { port: 9101 });
    edit.follow();
    expect([edit.state, edit.doc.port, edit.saving.problem]).toEqual(["kept", 9101, null]);
    nowMs += 10_000;
    alone(edit.save());
    expect((await sent(1)).command.body).toEqual({ printer_id: "p1", host: "10.0.0.6", if_rev: "r2" });
  });

  test("while this device was off is met when a person comes back to what they typed", async () => {
    const edit = open();
    edit.set("host", "10.0.0.6", "Dirección");
    vi.setSystemTime(Date.now() + 801);
    edit.set("host", "10.0.0.66", "Dirección");
    edit.undo();
    await reload();
    saves("Marta", "r2", { host: "10.0.0.7", port: 9101 });
    const again = open();
    expect([again.doc, again.theirs?.clashes.map(({ base, ours, theirs }) => [base, ours, theirs])]).toEqual([
      { ...DOC, host: "10.0.0.6", port: 9101 },
      [["10.0.0.5", "10.0.0.6", "10.0.0.7"]],
    ]);
    again.undo();
    expect([again.doc.host, again.isDirty]).toEqual(["10.0.0.7", false]);
  });
});

test("a device that cannot keep anything still edits and saves", async () => {
  await app.stop();
  globalThis.indexedDB = {
    open: () => {
      throw new DOMException("no", "UnknownError");
    },
  } as unknown as IDBFactory;
  app = await startApp({ app: "pos" }, await Shelf.inMemory("pos", new Error("no")));
  app.outbox.stop();
  app.feed.start = () => undefined;
  await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
  app.link = { ...NEW_LINK, face: "live" };
  const edit = open();
  edit.set("host", "10.0.0.6", "Dirección");
  const done = edit.save();
  (await sent(0)).answer();
  expect(await done).toBe(true);
});
