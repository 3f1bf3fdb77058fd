import { describe, expect, it, vi } from "vitest";
import type { Answer } from "$lib/outbox";
import { Post } from "./post";
import type { Outgoing } from "./visit";

function outgoing(id: string): Outgoing {
  return { command: { id, name: "submit_draft", body: { draft_id: id }, asked_at_ms: 1 }, tries: 0, cart: null };
}

/** A queue with a post on it; `answers` are what the network does, one for each request. */
function posting(ids: string[], answers: (() => Promise<Response>)[]) {
  let waiting = ids.map(outgoing);
  const asked: string[][] = [];
  const told: Answer[] = [];
  const waits: { ms: number; run: () => void }[] = [];
  const tried: string[] = [];
  const post = new Post({
    waiting: () => waiting,
    ontry: (some) => tried.push(...some),
    onanswer: (answer) => {
      told.push(answer);
      waiting = waiting.filter((one) => one.command.id !== answer.id);
    },
    fetch: vi.fn(async (_, init) => {
      asked.push(JSON.parse(String(init?.body)).commands.map((one: { id: string }) => one.id));
      const next = answers.shift();
      if (!next) throw new Error("nothing more was expected to be sent");
      return next();
    }),
    chance: () => 1,
    later: (run, ms) => {
      waits.push({ ms, run });
      return () => {};
    },
  });
  return { post, asked, told, waits, tried, left: () => waiting.map((one) => one.command.id) };
}

const done = (...ids: string[]) => json(200, { answers: ids.map((id) => ({ id, outcome: "done", seq: 7 })) });
const lost = () => Promise.reject(new TypeError("Failed to fetch"));

function json(status: number, body: unknown): () => Promise<Response> {
  return () => Promise.resolve(new Response(JSON.stringify(body), { status }));
}

describe("sending exactly once", () => {
  it("asks a command again under the same id when its answer was lost", async () => {
    const { post, asked, told, waits, left } = posting(["a"], [lost, done("a")]);
    await post.flush();
    expect(left()).toEqual(["a"]);
    waits[0]?.run();
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect(asked).toEqual([["a"], ["a"]]);
    expect(told).toEqual([{ id: "a", outcome: "done", seq: 7 }]);
  });

  it("writes down that a command travels before it does", async () => {
    const { post, tried } = posting(["a"], [lost]);
    await post.flush();
    expect(tried).toEqual(["a"]);
  });

  it("sends in order, no more at once than the edge takes", async () => {
    const ids = ["a", "b", "c", "d", "e"];
    const { post, asked } = posting(ids, [done("a", "b", "c", "d"), done("e")]);
    await post.flush();
    expect(asked).toEqual([["a", "b", "c", "d"], ["e"]]);
  });

  it("tells each command its own answer", async () => {
    const mixed = json(200, {
      answers: [
        { id: "a", outcome: "done", seq: 3 },
        { id: "b", outcome: "refused", code: "item_sold_out", facts: { name: "Flan" } },
      ],
    });
    const { post, told } = posting(["a", "b"], [mixed]);
    await post.flush();
    expect(told.map((answer) => answer.outcome)).toEqual(["done", "refused"]);
    expect(told[1]).toMatchObject({ code: "item_sold_out", facts: { name: "Flan" } });
  });

  it("gives every command of a refused request the reason", async () => {
    const { post, told } = posting(["a", "b"], [json(409, { code: "visit_over", facts: {} })]);
    await post.flush();
    expect(told.map((answer) => answer.code)).toEqual(["visit_over", "visit_over"]);
  });

  it("waits as long as the edge asks when it went too fast", async () => {
    const { post, waits, left } = posting(["a"], [json(429, { code: "too_fast", facts: { retry_after_s: 9 } })]);
    await post.flush();
    expect(waits.map((wait) => wait.ms)).toEqual([9000]);
    expect(left()).toEqual(["a"]);
  });

  it.each([
    ["a busy edge", json(503, { code: "busy", facts: {} })],
    ["a page of somebody else's", () => Promise.resolve(new Response("<html>", { status: 200 }))],
  ])("keeps what %s did not answer", async (_, answer) => {
    const { post, waits, left } = posting(["a"], [answer]);
    await post.flush();
    expect(left()).toEqual(["a"]);
    expect(waits).toHaveLength(1);
  });

  it("tells of a command that broke the edge instead of asking for ever", async () => {
    const { post, told, left } = posting(
      ["a"],
      [json(500, { answers: [{ id: "a", outcome: "failed", code: "failed" }] })],
    );
    await post.flush();
    expect(told).toEqual([{ id: "a", outcome: "failed", code: "failed" }]);
    expect(left()).toEqual([]);
  });

  it("sends one request at a time", async () => {
    let answer: (response: Response) => void = () => {};
    const { post, asked } = posting(["a"], [() => new Promise((resolve) => (answer = resolve))]);
    const first = post.flush();
    await post.flush();
    expect(asked).toHaveLength(1);
    answer(await done("a")());
    await first;
  });
});
