// @vitest-environment jsdom
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type App, startApp } from "./app.svelte";
import { startLanguage } from "./i18n.svelte";
import type { Command } from "./outbox";

let app: App;
let known: string[];

beforeEach(async () => {
  startLanguage();
  globalThis.indexedDB = new IDBFactory();
  known = ["s1"];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const { commands } = JSON.parse(body) as { commands: Command[] };
    const answers = commands.map(({ id, staff_session = "" }) =>
      known.includes(staff_session)
        ? { id, outcome: "done", seq: 1 }
        : { id, outcome: "refused", code: "needs_sign_in", facts: {} },
    );
    return new Response(JSON.stringify({ answers }));
  });
  app = await startApp({ app: "waiter" });
  app.feed.start = () => undefined;
  await app.session.pair({ id: "d", token: "t", role: "waiter", name: "Teléfono" });
  await app.session.unlock({ staff_id: "ana", name: "Ana", role: "waiter", permissions: [], session: "s1" });
});

afterEach(async () => {
  await app.stop();
  vi.unstubAllGlobals();
});

const order = { name: "add_lines", body: { check_id: "c1", lines: [] } };

test("a session that the edge does not know asks for the PIN, and keeps what was typed", async () => {
  await app.do(order);
  await vi.waitFor(() => expect(app.pending).toBe(0));
  expect(app.session.person?.name).toBe("Ana");
  known = [];
  await app.do(order);
  await vi.waitFor(() => expect(app.session.isLocked).toBe(true));
  expect(app.session.last?.name).toBe("Ana");
  expect(app.tray.map(({ code }) => code)).toEqual(["needs_sign_in"]);
});

test("so does money, which is asked at once", async () => {
  known = [];
  await app.ask(order);
  await vi.waitFor(() => expect(app.session.isLocked).toBe(true));
});

test("an answer to somebody who left sends nobody away who came after", async () => {
  known = ["s2"];
  const [old] = app.outbox.prepare(order);
  await app.session.unlock({ staff_id: "leo", name: "Leo", role: "waiter", permissions: [], session: "s2" });
  await app.ask([old as Command]);
  await app.do(order);
  await vi.waitFor(() => expect(app.pending).toBe(0));
  expect(app.session.person?.name).toBe("Leo");
});
