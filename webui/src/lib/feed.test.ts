import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "./database";
import { Feed, type Frame, faceOf } from "./feed";
import { newId } from "./ids";
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

interface Hello {
  type: string;
  token: string;
  cursor: number | null;
  kinds: string[] | null;
}

/** A small edge: remembers each hello and answers it with frames. */
class Edge {
  readonly hellos: Hello[] = [];
  answer: (hello: Hello) => Frame[] = () => [
    { type: "snapshot", seq: 7, views: [["check", "c1", { total_minor: 4300 }]] },
  ];
  readonly server = new WebSocketServer({ port: 0, host: "127.0.0.1" });

  constructor() {
    this.server.on("connection", (socket) => {
      socket.on("message", (text) => {
        const hello = JSON.parse(String(text)) as Hello;
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

  tell(frame: Frame): void {
    for (const socket of this.server.clients) socket.send(JSON.stringify(frame));
  }

  cut(): void {
    for (const socket of this.server.clients) socket.terminate();
  }
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
    cursor: () => views.seq,
    kinds: change.kinds ?? null,
    apply: views.apply,
    onbeat: views.confirm,
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
    await expect.poll(() => views.get("check", "c1")).toEqual({ total_minor: 4300 });
    expect(edge.hellos).toEqual([{ type: "hello", token: "tok", cursor: null, kinds: ["check"] }]);
    expect([views.seq, views.isFresh, feed.link.face]).toEqual([7, true, "live"]);
  });

  test("applies changes, and null takes a view away", async () => {
    const views = new ViewStore();
    follow(views);
    await expect.poll(() => views.seq).toBe(7);
    edge.tell({
      type: "views",
      seq: 9,
      changes: [
        ["check", "c1", null],
        ["check", "c2", { total_minor: 1 }],
      ],
    });
    await expect.poll(() => views.entries("check")).toEqual([["c2", { total_minor: 1 }]]);
    expect(views.seq).toBe(9);
  });

  test("a snapshot replaces everything, also kinds it does not name", async () => {
    const views = new ViewStore();
    views.apply({
      type: "snapshot",
      seq: 1,
      views: [
        ["table", "t1", {}],
        ["check", "old", {}],
      ],
    });
    follow(views);
    await expect.poll(() => views.seq).toBe(7);
    expect([views.all("table"), views.entries("check").map(([key]) => key)]).toEqual([[], ["c1"]]);
  });

  test("comes back after a cut and resumes where it stood", async () => {
    const views = new ViewStore();
    follow(views);
    await expect.poll(() => views.seq).toBe(7);
    edge.answer = () => [{ type: "views", seq: 8, changes: [] }];
    edge.cut();
    await expect.poll(() => edge.hellos.map((hello) => hello.cursor)).toEqual([null, 7]);
    await expect.poll(() => views.seq).toBe(8);
  });

  test("entries with nothing of ours in them still move the cursor", async () => {
    const views = new ViewStore();
    follow(views);
    await expect.poll(() => views.seq).toBe(7);
    edge.tell({ type: "beat", seq: 12, now_ms: Date.now(), internet: true });
    await expect.poll(() => views.seq).toBe(12);
  });

  test("learns the edge's clock and whether there is internet", async () => {
    const feed = follow(new ViewStore());
    await expect.poll(() => edge.hellos.length).toBe(1);
    edge.tell({ type: "beat", seq: 7, now_ms: Date.now() + 3_600_000, internet: false });
    await expect.poll(() => feed.link.face).toBe("no_internet");
    expect(Math.abs(feed.serverNow() - Date.now() - 3_600_000)).toBeLessThan(1000);
  });

  test("sent away, it says why and does not come back", async () => {
    edge.answer = () => [{ type: "bye", code: "revoked" }];
    const feed = follow(new ViewStore());
    await expect.poll(() => feed.link).toMatchObject({ face: "unpaired", code: "revoked" });
    expect(edge.hellos).toHaveLength(1);
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
    [20_000, true, null, "live"],
    [20_001, true, null, "stale"],
    [35_000, false, null, "stale"],
    [35_001, true, null, "no_edge"],
    [0, false, null, "no_internet"],
    [0, true, "revoked", "unpaired"],
  ])("after %i ms of silence, internet %j, code %j the mark shows %s", (silentMs, internet, code, face) => {
    expect(faceOf({ silentMs, internet, code })).toBe(face);
  });
});

describe("a view store", () => {
  test("shows at once what the device knew, not yet confirmed", async () => {
    const db = await openDatabase(`test-${newId()}`);
    const before = new ViewStore(db);
    before.apply({
      type: "snapshot",
      seq: 3,
      views: [
        ["check", "c1", { total_minor: 5 }],
        ["check", "c2", {}],
      ],
    });
    before.apply({ type: "views", seq: 4, changes: [["check", "c2", null]] });
    await before.save();
    const after = new ViewStore(db);
    await after.restore();
    expect([after.seq, after.isLoaded, after.isFresh, after.entries("check")]).toEqual([
      4,
      true,
      false,
      [["c1", { total_minor: 5 }]],
    ]);
    await after.clear();
    const empty = new ViewStore(db);
    await empty.restore();
    expect([empty.seq, empty.isLoaded]).toEqual([null, false]);
    db.close();
  });
});
