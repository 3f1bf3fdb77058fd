// @vitest-environment jsdom
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startApp } from "./app.svelte";
import { deleteDatabase, type Growth, openDatabase } from "./database";
import { newId } from "./ids";
import type { Refused } from "./outbox";
import { Session } from "./session.svelte";
import { Shelf } from "./shelf";
import { ViewStore } from "./store.svelte";
import type { Cause } from "./trouble";
import { Work } from "./work";

const LINES = [{ line_id: "l1", item_id: "bife", quantity: 2 }];
let app: string;
const open: Shelf[] = [];

async function aShelf(): Promise<Shelf> {
  const shelf = await Shelf.open(app);
  open.push(shelf);
  return shelf;
}

/** What a browser that starts anew finds. */
async function afterReload(shelf: Shelf): Promise<Shelf> {
  await shelf.close();
  return aShelf();
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  app = `test-${newId()}`;
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const shelf of open.splice(0)) await shelf.close();
});

/** The browser refuses to write to these stores until the returned function is called. */
function refuseWrites(name: string, stores: readonly string[]): () => void {
  const put = IDBObjectStore.prototype.put;
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
    if (stores.includes(this.name)) throw new DOMException("no room", name);
    return put.apply(this, given);
  });
  return () => spy.mockRestore();
}

describe("saving", () => {
  test("goes on after one failure, and keeps what could not be written", async () => {
    const shelf = await aShelf();
    const work = new Work(shelf);
    const allow = refuseWrites("QuotaExceededError", ["work", "outbox"]);
    await work.keep("lines:ana:t12", LINES);
    await shelf.write({ store: "outbox", key: 1, value: { place: 1, group: "g", command: aCommand("c1") } });
    expect(shelf.trouble).toMatchObject({ cause: "full", commands: 1, typed: 1, isMemoryOnly: false });
    expect(shelf.isAtStake).toBe(true);
    expect(await work.get("lines:ana:t12")).toEqual(LINES);
    allow();
    await work.keep("lines:ana:t13", LINES);
    expect([shelf.trouble, shelf.isAtStake]).toEqual([null, false]);
    const after = await afterReload(shelf);
    expect(after.entries("work").map(([key]) => key)).toEqual(["lines:ana:t12", "lines:ana:t13"]);
    expect(after.all("outbox").map(({ command }) => command.id)).toEqual(["c1"]);
  });

  test("is tried again by itself", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const shelf = await aShelf();
    const allow = refuseWrites("UnknownError", ["work"]);
    await shelf.write({ store: "work", key: "note:t1", value: "sin sal" });
    expect(shelf.trouble?.cause).toBe("broken");
    allow();
    vi.advanceTimersByTime(2000);
    vi.useRealTimers();
    await expect.poll(() => shelf.trouble).toBeNull();
    expect((await afterReload(shelf)).get("work", "note:t1")).toBe("sin sal");
  });

  test("drops the views before anything that somebody typed", async () => {
    const shelf = await aShelf();
    const views = new ViewStore(shelf);
    views.apply({ type: "snapshot", seq: 7, of: "of7", views: [["menu", "menu", { items: [] }]] });
    await views.save();
    let isFull = true;
    const put = IDBObjectStore.prototype.put;
    const clear = IDBObjectStore.prototype.clear;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
      if (isFull) throw new DOMException("no room", "QuotaExceededError");
      return put.apply(this, given);
    });
    vi.spyOn(IDBObjectStore.prototype, "clear").mockImplementation(function (this: IDBObjectStore) {
      isFull = false; // there is room for what is small once the views are gone
      return clear.apply(this);
    });
    await shelf.write({ store: "work", key: "lines:ana:t12", value: LINES });
    expect([shelf.trouble, isFull]).toEqual([null, false]);
    expect(views.get("menu", "menu")).toEqual({ items: [] }); // still on the screen
    const after = await afterReload(shelf);
    expect(after.get("work", "lines:ana:t12")).toEqual(LINES);
    expect(await after.readViews()).toMatchObject({ keys: [], cursor: undefined });
  });

  test("keeps no views on a device that is nearly full, and all of them again when there is room", async () => {
    let usage = 95;
    const storage = { estimate: async () => ({ usage, quota: 100 }), persisted: async () => false };
    vi.stubGlobal("navigator", { storage });
    const shelf = await aShelf();
    await expect.poll(() => shelf.space.isRoomy).toBe(false);
    const views = new ViewStore(shelf);
    views.apply({ type: "snapshot", seq: 7, of: "of7", views: [["menu", "menu", { items: [] }]] });
    await views.save();
    expect((await shelf.readViews()).keys).toEqual([]);
    usage = 40;
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 6 * 60_000);
    await shelf.retry();
    views.apply({ type: "views", seq: 8, of: "of7", changes: [["table", "t1", { label: "1" }]] });
    await views.save();
    await expect.poll(() => shelf.space.isRoomy).toBe(true);
    views.apply({ type: "views", seq: 9, of: "of7", changes: [["table", "t2", { label: "2" }]] });
    await views.save();
    expect((await shelf.readViews()).keys).toEqual([
      ["menu", "menu"],
      ["table", "t1"],
      ["table", "t2"],
    ]);
  });
});

describe("a database", () => {
  test("that is deleted under a working device is made again with all that it held", async () => {
    const shelf = await aShelf();
    const views = new ViewStore(shelf);
    views.apply({ type: "snapshot", seq: 7, of: "of7", views: [["table", "t1", { label: "1" }]] });
    await views.save();
    await shelf.write({ store: "keys", key: "device", value: { name: "Caja" } });
    await deleteDatabase(app);
    await new Work(shelf).keep("lines:ana:t12", LINES);
    views.apply({ type: "views", seq: 8, of: "of7", changes: [["table", "t2", { label: "2" }]] });
    await views.save();
    expect(shelf.trouble).toBeNull();
    const after = await afterReload(shelf);
    expect(after.get("keys", "device")).toEqual({ name: "Caja" });
    expect(after.get("work", "lines:ana:t12")).toEqual(LINES);
    expect((await after.readViews()).keys).toEqual([
      ["table", "t1"],
      ["table", "t2"],
    ]);
  });

  test("that cannot be opened again leaves the device at work, which says so", async () => {
    const shelf = await aShelf();
    const real = globalThis.indexedDB;
    const refused = {
      open: () => {
        throw new DOMException("no", "SecurityError");
      },
    }; // prettier-ignore
    globalThis.indexedDB = refused as unknown as IDBFactory;
    const closing = await closeUnder(real, app);
    await shelf.write({ store: "work", key: "lines:ana:t1", value: LINES });
    expect(shelf.trouble).toMatchObject({ cause: "refused", typed: 1 });
    expect(shelf.get("work", "lines:ana:t1")).toEqual(LINES);
    globalThis.indexedDB = real;
    await closing;
    await shelf.retry();
    expect(shelf.trouble).toBeNull();
    expect((await afterReload(shelf)).get("work", "lines:ana:t1")).toEqual(LINES);
  });

  test.each<[Cause, string]>([
    ["refused", "SecurityError"],
    ["broken", "UnknownError"],
    ["full", "QuotaExceededError"],
  ])("that does not open is told apart: %s", async (cause, name) => {
    globalThis.indexedDB = {
      open: () => {
        throw new DOMException("no", name);
      },
    } as unknown as IDBFactory; // prettier-ignore
    const error: unknown = await startApp({ app: "pos" }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    const shelf = await Shelf.inMemory("pos", error);
    expect(shelf.trouble).toMatchObject({ cause, isMemoryOnly: true });
    const till = await startApp({ app: "pos" }, shelf);
    await till.do({ name: "open_check", body: { check_id: "c1" } });
    await till.work.keep("lines:nico:t1", LINES);
    expect([till.pending, till.trouble?.cause, shelf.isAtStake]).toEqual([1, cause, true]);
    expect(await till.work.get("lines:nico:t1")).toEqual(LINES);
    await till.stop();
  });

  test("that another tab holds on to is not waited for for ever", async () => {
    const holder = await heldByATab(`hos-${app}`);
    await expect(openDatabase(app, { growth: withAnother(), patienceMs: 20 })).rejects.toThrow(/no answer/);
    holder.close();
    const shelf = await aShelf(); // and what came too late keeps nobody from it
    expect(shelf.trouble).toBeNull();
  });

  test("only grows: a later release finds everything, and an earlier one goes on with what a later one left", async () => {
    const shelf = await aShelf();
    await shelf.write({ store: "work", key: "lines:ana:t12", value: LINES });
    await shelf.close();
    const grown = await openDatabase(app, { growth: withAnother() });
    expect([grown.version, [...grown.objectStoreNames].includes("later" as never)]).toEqual([2, true]);
    grown.close();
    const old = await aShelf();
    expect(old.get("work", "lines:ana:t12")).toEqual(LINES);
    await old.write({ store: "work", key: "lines:ana:t13", value: LINES });
    expect(old.trouble).toBeNull();
    await old.close();
    const again = await openDatabase(app, { growth: withAnother() });
    expect(await again.getAllKeys("work")).toEqual(["lines:ana:t12", "lines:ana:t13"]);
    again.close();
  });

  test("that a later release brings up to date is let go of, and taken up as it is", async () => {
    const shelf = await aShelf();
    const grown = await openDatabase(app, { growth: withAnother() });
    await shelf.write({ store: "work", key: "lines:ana:t12", value: LINES });
    expect(shelf.trouble).toBeNull();
    expect(await grown.get("work", "lines:ana:t12")).toEqual(LINES);
    grown.close();
  });

  test("that was thrown away is missed, and what was in it is said", async () => {
    const shelf = await aShelf();
    await shelf.write(
      { store: "keys", key: "device", value: { name: "Caja 1" } },
      { store: "outbox", key: 1, value: { place: 1, group: "g", command: aCommand("c1") } },
      { store: "work", key: "lines:ana:t12", value: LINES },
      { store: "work", key: `${app}:settings`, value: {} },
    );
    await shelf.close();
    await deleteDatabase(app);
    const after = await aShelf();
    expect(after.lost).toMatchObject({ name: "Caja 1", commands: 1, typed: 1 });
    expect((await afterReload(after)).lost).not.toBeNull(); // until somebody has read it
    open.at(-1)?.forgetLost();
    expect((await afterReload(open.at(-1)!)).lost).toBeNull();
  });

  test("of a device that left its venue by itself is not missed", async () => {
    const session = new Session(await aShelf());
    await session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
    await session.unpair();
    expect((await afterReload(open.at(-1)!)).lost).toBeNull();
  });
});

describe("a device paired anew", () => {
  const refused: Refused = { command: aCommand("c0"), group: "g", code: "check_closed", facts: {}, at_ms: 1 };

  async function atTheOldVenue() {
    const old = await startApp({ app: "kds" });
    old.feed.start = () => undefined;
    old.outbox.stop();
    await old.session.pair({ id: "d1", token: "t1", role: "kds", name: "Cocina" });
    await old.session.unlock({ staff_id: "ana", name: "Ana", role: "waiter", permissions: [], session: "s" });
    old.views.apply({ type: "snapshot", seq: 7, of: "of7", views: [["table", "t1", { label: "1" }]] });
    await old.views.save();
    await old.work.keep("kds:settings", { place: "grill" });
    return old;
  }

  test("keeps nothing of the old venue", async () => {
    const old = await atTheOldVenue();
    await old.session.unpair();
    expect([old.views.cursor, old.views.all("table"), old.session.last]).toEqual([null, [], null]);
    await old.session.pair({ id: "d2", token: "t2", role: "kds", name: "Otra" });
    expect([old.session.left, old.session.person, await old.work.get("kds:settings")]).toEqual([null, null, undefined]);
    await old.stop();
    const after = await startApp({ app: "kds" });
    expect([after.views.cursor, after.views.all("table"), after.session.device?.id]).toEqual([null, [], "d2"]);
    await after.stop();
  });

  test.each([true, false])("sends what waited only after a person has said so: %s", async (isKept) => {
    const old = await atTheOldVenue();
    await old.do({ name: "bump_ticket", body: { ticket_id: "k1" } });
    await old.shelf.write({ store: "tray", key: "c0", value: refused });
    await old.work.keep("lines:ana:t12", LINES);
    await old.session.unpair();
    await old.session.pair({ id: "d2", token: "t2", role: "kds", name: "Otra" });
    await old.stop();
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
      const { commands } = JSON.parse(body) as { commands: { id: string; name: string }[] };
      asked.push(...commands.map(({ name }) => name));
      const answers = commands.map(({ id }) => ({ id, outcome: "done", seq: 9 }));
      return new Response(JSON.stringify({ answers }), { status: 200 });
    });
    const after = await startApp({ app: "kds" });
    after.feed.stop();
    after.outbox.poke();
    await after.shelf.retry();
    expect([asked, after.session.left?.name, after.unsettled, after.tray]).toEqual([[], "Cocina", [], []]);
    await after.session.settleLeft({ isKept });
    await expect.poll(() => after.pending).toBe(0);
    expect(asked).toEqual(isKept ? ["bump_ticket"] : []);
    expect([after.tray.length, await after.work.get("lines:ana:t12")]).toEqual(isKept ? [1, LINES] : [0, undefined]);
    expect(after.session.left).toBeNull();
    await after.stop();
  });
});

function aCommand(id: string) {
  return { id, name: "add_lines", body: { lines: LINES }, asked_at_ms: 1 };
}

/** The schema of a release to come. */
function withAnother(): Growth[] {
  const first: Growth = (db) => {
    db.createObjectStore("keys");
    db.createObjectStore("outbox", { keyPath: "place", autoIncrement: true }).createIndex("id", "command.id");
    db.createObjectStore("tray", { keyPath: "command.id" });
    db.createObjectStore("doubt", { keyPath: "id" });
    db.createObjectStore("views");
    db.createObjectStore("work");
  };
  return [first, (db) => void db.createObjectStore("later" as never)];
}

/** A connection of the first schema that lets go for nobody. */
function heldByATab(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      for (const store of ["keys", "outbox", "tray", "doubt", "views", "work"]) asked.result.createObjectStore(store);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Somebody deletes the database, so that the connection of the device under test is closed. */
async function closeUnder(factory: IDBFactory, name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const asked = factory.deleteDatabase(`hos-${name}`);
    asked.onsuccess = () => resolve();
    asked.onerror = () => reject(asked.error);
  });
}
