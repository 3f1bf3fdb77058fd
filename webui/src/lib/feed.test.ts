import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BeatFrame, EdgeFrame, HelloFrame, HereFrame } from "$generated/vocabulary";
import { openDatabase } from "./database";
import { Feed, faceOf, NEW_LINK } from "./feed";
import { newId } from "./ids";
import { recorded } from "./recorded";
import { Shelf } from "./shelf";
import { ViewStore } from "./store.svelte";

interface Peer {
  send(text: string): void;
  terminate(): void;
  on(type: "message", heard: (text: unknown) => void): void;
}

interface PeerServer {
  clients: Set<Peer>;
  address(): AddressInfo;
  close(): void;
  on(type: "connection", met: (peer: Peer) => void): void;
  on(type: "listening", ready: () => void): void;
}

// Required by its file: tests resolve packages as a browser does, and for a browser this one has no server.
const { WebSocketServer } = createRequire(import.meta.url)("../../node_modules/ws/index.js") as {
  WebSocketServer: new (settings: { port: number; host: string }) => PeerServer;
};

const SAID = recorded("waiter");
const { service, changed, byes, beats } = SAID;
const checks = (frame: { views: [string, string, unknown][] }) => frame.views.filter(([kind]) => kind === "check");

/** The wire: remembers each hello and answers it with what a real edge said. */
class Edge {
  readonly hellos: HelloFrame[] = [];
  /** Each word that somebody can see the screen. */
  readonly heres: HereFrame[] = [];
  answer: (hello: HelloFrame) => EdgeFrame[] = () => [service];
  readonly server = new WebSocketServer({ port: 0, host: "127.0.0.1" });

  constructor() {
    this.server.on("connection", (socket) => {
      socket.on("message", (text) => {
        const hello = JSON.parse(String(text)) as HelloFrame | HereFrame;
        if (hello.type === "here") {
          this.heres.push(hello);
          return;
        }
        this.hellos.push(hello);
        for (const frame of this.answer(hello)) socket.send(JSON.stringify(frame));
      });
    });
  }

  /** Resolved with its address once it listens. */
  listening(): Promise<string> {
    return new Promise((resolve) =>
      this.server.on("listening", () => resolve(`ws://127.0.0.1:${this.server.address().port}`)),
    );
  }

  tell(frame: EdgeFrame): void {
    for (const socket of this.server.clients) socket.send(JSON.stringify(frame));
  }

  cut(): void {
    for (const socket of this.server.clients) socket.terminate();
  }
}

/** A recorded beat at another moment or place: what it says of the edge stays. */
function beat(said: BeatFrame, change: Pick<BeatFrame, "now_ms"> | Pick<BeatFrame, "seq" | "of">): BeatFrame {
  return { ...said, ...change };
}

let edge: Edge;
let url: string;
let feeds: Feed[];

beforeEach(async () => {
  feeds = [];
  edge = new Edge();
  url = await edge.listening();
});

afterEach(() => {
  for (const feed of feeds) feed.stop();
  edge.cut();
  edge.server.close();
});

function follow(views: ViewStore, change: { kinds?: string[]; now?: () => number } = {}): Feed {
  const feed = new Feed({
    token: () => "tok",
    cursor: () => views.cursor,
    kinds: change.kinds ?? null,
    apply: views.apply,
    onbeat: views.confirm,
    shows: () => "grill",
    url,
    chance: () => 0,
    ...(change.now ? { now: change.now } : {}),
  });
  feeds.push(feed);
  feed.start();
  return feed;
}

describe("a feed", () => {
  test("says who it is and what it shows, then shows the snapshot", async () => {
    const views = new ViewStore();
    const feed = follow(views, { kinds: ["check"] });
    await expect.poll(() => views.seq).toBe(service.seq);
    expect(views.entries("check")).toEqual(checks(service).map(([, key, view]) => [key, view]));
    expect(edge.hellos).toEqual([{ type: "hello", token: "tok", cursor: null, kinds: ["check"], of: "" }]);
    expect([views.isFresh, feed.link.face]).toEqual([true, "live"]);
  });

  test("says with each beat that somebody can see it, and what it shows; out of sight it says nothing", async () => {
    const views = new ViewStore();
    const feed = follow(views);
    await expect.poll(() => edge.heres).toEqual([{ type: "here", shows: "grill" }]);
    edge.tell(beats.live);
    await expect.poll(() => edge.heres.length).toBe(2);
    vi.stubGlobal("document", { visibilityState: "hidden", addEventListener() {}, removeEventListener() {} });
    edge.tell(beat(beats.live, { seq: beats.live.seq + 3, of: "later" }));
    await expect.poll(() => views.seq).toBe(beats.live.seq + 3);
    vi.unstubAllGlobals();
    feed.sayHere();
    await expect.poll(() => edge.heres.length).toBe(3);
  });

  test("applies what changed, and null takes a view away", async () => {
    const views = new ViewStore();
    follow(views);
    await expect.poll(() => views.seq).toBe(service.seq);
    edge.tell(changed);
    await expect.poll(() => views.seq).toBe(changed.seq);
    for (const [kind, key, view] of changed.changes) expect(views.get(kind, key)).toEqual(view ?? undefined);
    const [[kind, key] = ["", ""]] = changed.changes;
    edge.tell({ ...changed, seq: changed.seq + 1, changes: [[kind, key, null]] });
    await expect.poll(() => views.get(kind, key)).toBeUndefined();
  });

  test("a snapshot replaces everything, also kinds it does not name", async () => {
    const views = new ViewStore();
    views.apply(service);
    expect(views.all("table")).not.toEqual([]);
    edge.answer = () => [SAID.empty];
    follow(views);
    await expect.poll(() => views.seq).toBe(SAID.empty.seq);
    expect([views.all("table"), views.all("check")]).toEqual([[], []]);
  });

  test("comes back after a cut and resumes where it stood", async () => {
    const views = new ViewStore();
    follow(views);
    await expect.poll(() => views.seq).toBe(service.seq);
    edge.answer = () => [changed];
    edge.cut();
    await expect
      .poll(() => edge.hellos.map(({ cursor, of }) => [cursor, of]))
      .toEqual([
        [null, ""],
        [service.seq, service.of],
      ]);
    await expect.poll(() => views.seq).toBe(changed.seq);
  });

  test("entries with nothing of ours in them still move the cursor", async () => {
    const views = new ViewStore();
    follow(views);
    await expect.poll(() => views.seq).toBe(service.seq);
    edge.tell(beat(beats.live, { seq: service.seq + 5, of: "later" }));
    await expect.poll(() => views.cursor).toEqual({ seq: service.seq + 5, of: "later" });
  });

  test("what came while something was stuck is not resumed from", async () => {
    const views = new ViewStore();
    const feed = follow(views);
    await expect.poll(() => views.seq).toBe(service.seq);
    edge.tell(beats.stuck);
    await expect.poll(() => feed.link).toMatchObject({ face: "stuck", stuckSinceMs: beats.stuck.stuck_since_ms });
    edge.cut();
    await expect.poll(() => edge.hellos.map(({ of }) => of)).toEqual(["", ""]);
    edge.tell(beats.live);
    await expect.poll(() => feed.link.face).toBe("live");
  });

  test("learns the edge's clock and how it stands with its hub", async () => {
    const feed = follow(new ViewStore());
    await expect.poll(() => edge.hellos.length).toBe(1);
    edge.tell(beat(beats.refused, { now_ms: Date.now() + 3_600_000 }));
    await expect.poll(() => feed.link).toMatchObject({ face: "refused", hub: beats.refused.hub });
    expect(Math.abs(feed.serverNow() - Date.now() - 3_600_000)).toBeLessThan(1000);
  });

  test.each(["device_revoked", "device_unknown"])("told %s, it says so and does not come back", async (code) => {
    edge.answer = () => [byes[code]!];
    const feed = follow(new ViewStore());
    await expect.poll(() => feed.link).toMatchObject({ face: "unpaired", code });
    expect(edge.hellos).toHaveLength(1);
  });

  test.each([
    ...Object.values(byes).filter(({ code }) => !code.startsWith("device_")),
    { ...byes.closing!, code: "a word of a later release" },
  ])("told $code, it comes back by itself and is not unpaired", async (bye) => {
    const views = new ViewStore();
    const feed = follow(views);
    await expect.poll(() => views.seq).toBe(service.seq);
    edge.tell(bye);
    await expect.poll(() => edge.hellos.map((hello) => hello.cursor)).toEqual([null, service.seq]);
    await expect.poll(() => feed.link).toMatchObject({ face: "live", code: null });
  });

  test("an edge that says goodbye again and again is asked less and less often", async () => {
    edge.answer = () => [byes.closing!];
    const waits: number[] = [];
    const feed = new Feed({
      token: () => "tok",
      cursor: () => null,
      kinds: null,
      apply: () => {},
      url,
      chance: () => {
        waits.push(Date.now());
        return 0.1;
      },
    });
    feeds.push(feed);
    feed.start();
    await expect.poll(() => waits.length, { timeout: 10_000 }).toBeGreaterThan(4);
    const gaps = waits.slice(1).map((at, index) => at - (waits[index] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(45);
    expect(gaps[2]).toBeGreaterThanOrEqual(180);
  });

  test("nobody heard: not live for more than a moment", () => {
    let now = 1_000_000;
    edge.server.close();
    const feed = follow(new ViewStore(), { now: () => now });
    expect(feed.link.face).toBe("live");
    now += 4000;
    expect(feed.link.face).toBe("stale");
    now += 16_000;
    expect(feed.link.face).toBe("no_edge");
  });

  test.each([
    [20_000, "off", 0, null, "live"],
    [20_000, "well", 0, null, "live"],
    [20_001, "refused", 0, null, "stale"],
    [35_000, "no_internet", 5, null, "stale"],
    [35_001, "well", 0, null, "no_edge"],
    [0, "no_internet", 0, null, "no_internet"],
    [0, "away", 0, null, "hub_away"],
    [0, "refused", 0, null, "refused"],
    [0, "refused", 5, null, "stuck"],
    [0, "well", 0, "device_revoked", "unpaired"],
  ] as const)(
    "after %i ms of silence, hub %s, stuck since %i, code %j the mark shows %s",
    (silentMs, state, stuckSinceMs, code, face) => {
      const hub = { ...NEW_LINK.hub, state };
      expect(faceOf({ silentMs, hub, stuckSinceMs, code })).toBe(face);
    },
  );
});

describe("a view store", () => {
  test("shows at once what the device knew, not yet confirmed", async () => {
    const app = `test-${newId()}`;
    const first = await Shelf.open(app);
    const before = new ViewStore(first);
    before.apply(service);
    before.apply(changed);
    await before.save();
    await first.close();
    const second = await Shelf.open(app);
    const after = new ViewStore(second);
    await after.restore();
    expect([after.cursor, after.isLoaded, after.isFresh]).toEqual([{ seq: changed.seq, of: changed.of }, true, false]);
    expect(after.entries("check")).toEqual(before.entries("check"));
    await after.clear();
    const empty = new ViewStore(second);
    await empty.restore();
    expect([empty.seq, empty.isLoaded]).toEqual([null, false]);
    await second.close();
  });

  test.each([7, { seq: 7, of: "of7" }, { seq: 7, of: "of7", vocabulary: `not ${__VOCABULARY__}` }])(
    "drops what another release kept: %j",
    async (kept) => {
      const app = `test-${newId()}`;
      const db = await openDatabase(app);
      await db.put("views", { form: "of long ago" }, ["check", "c1"]);
      await db.put("keys", kept, "cursor");
      const shelf = await Shelf.open(app);
      const views = new ViewStore(shelf);
      await views.restore();
      expect([views.cursor, views.isLoaded, views.entries("check")]).toEqual([null, false, []]);
      expect(await db.getAllKeys("views")).toEqual([]);
      await shelf.close();
      db.close();
    },
  );
});
