import { describe, expect, test } from "vitest";
import { sampleAttention } from "$features/ordering/sample";
import { cardsOf, heatOf, holdOrder, isMine, settledBy } from "./queue";

const NOW = 1_000_000;
const keys = (views: ReturnType<typeof sampleAttention>[]) => cardsOf(views, NOW).map((card) => card.view.key);

describe("the order of the queue", () => {
  test("faults, then red of any kind, then ready, draft, bill, call and nudge", () => {
    const views = ["nudge", "call", "bill", "draft", "ready", "fault"].map((kind, index) =>
      sampleAttention(kind, String(index)),
    );
    const red = sampleAttention("call", "9", { red_at_ms: NOW - 1, since_ms: 500 });
    expect(keys([...views, red])).toEqual(["fault:5", "call:9", "ready:4", "draft:3", "bill:2", "call:1", "nudge:0"]);
  });

  test("the oldest first inside a kind", () => {
    expect(
      keys([sampleAttention("call", "1", { since_ms: 9 }), sampleAttention("call", "2", { since_ms: 3 })]),
    ).toEqual(["call:2", "call:1"]);
  });

  test("one card for a table and kind; the others join it", () => {
    const second = sampleAttention("draft", "12", { key: "draft:other", since_ms: 9 });
    const cards = cardsOf([second, sampleAttention("draft", "12"), sampleAttention("call", "12")], NOW);
    expect(cards.map((card) => [card.view.key, card.others.length])).toEqual([
      ["draft:12", 1],
      ["call:12", 0],
    ]);
  });

  test("courses of one table stay apart", () => {
    const views = [1, 2].map((course) => sampleAttention("ready", "4", { key: `ready:${course}`, course }));
    expect(keys(views)).toHaveLength(2);
  });

  test("nothing before its time", () => {
    expect(keys([sampleAttention("ready", "4", { appears_at_ms: NOW + 1 })])).toEqual([]);
  });
});

test("heat follows the times of the edge; 0 is never", () => {
  expect(heatOf(sampleAttention("nudge", "1"), NOW)).toBe("calm");
  expect(heatOf(sampleAttention("call", "1", { amber_at_ms: NOW, red_at_ms: NOW + 1 }), NOW)).toBe("amber");
  expect(heatOf(sampleAttention("call", "1", { amber_at_ms: 1, red_at_ms: NOW }), NOW)).toBe("red");
  expect(heatOf(sampleAttention("fault", "1"), NOW)).toBe("red");
});

test("a card never moves under a finger: known ones keep their place, new ones wait", () => {
  const cards = cardsOf(
    [sampleAttention("fault", "9"), sampleAttention("call", "2"), sampleAttention("bill", "3")],
    NOW,
  );
  expect(holdOrder(["call:t2", "gone", "bill:t3"], cards)).toEqual({ keys: ["call:t2", "bill:t3"], waiting: 1 });
});

test("mine: my table, or my section when nobody has the table", () => {
  expect(isMine(sampleAttention("call", "1", { waiter_id: "leo" }), "ana", new Set(["salon"]))).toBe(false);
  expect(isMine(sampleAttention("call", "1", { waiter_id: "" }), "ana", new Set(["salon"]))).toBe(true);
  expect(isMine(sampleAttention("call", "1", { waiter_id: "" }), "ana", new Set())).toBe(false);
  expect(isMine(sampleAttention("fault", "1", { waiter_id: "leo" }), "ana", new Set())).toBe(true);
});

test("what was done here leaves at once, and only that", () => {
  const views = [
    sampleAttention("draft", "12", { draft_id: "d" }),
    sampleAttention("ready", "4", { course: 2 }),
    sampleAttention("call", "2", { call_id: "k" }),
  ];
  const done = settledBy(views, [
    { name: "confirm_draft", body: { draft_id: "d" } },
    { name: "pick_up_course", body: { check_id: "c4", course: 1 } },
  ]);
  expect([...done]).toEqual(["draft:12"]);
});
