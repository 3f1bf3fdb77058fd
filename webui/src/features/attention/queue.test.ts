import { describe, expect, test } from "vitest";
import { heatOf } from "$lib/heat";
import { sampleAttention } from "$lib/samples/service";
import { arrivedWord, cardWord, shortPlaceOf } from "./cards";
import { cardsOf, holdOrder, isAlarming, isMine, type Listener, settledBy, withTaken } from "./queue";

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

describe("whose a card is", () => {
  const ana: Listener = { staffId: "ana", hears: "room" };
  const till: Listener = { staffId: "nico", hears: "till" };
  const leos = sampleAttention("call", "1", { waiter_id: "leo", everyone_at_ms: NOW, till_at_ms: NOW + 100 });

  test("its waiter's, then every waiter's from the moment that the edge gives, and never before", () => {
    expect(isMine(leos, { ...ana, staffId: "leo" }, NOW - 50)).toBe(true);
    expect(isMine(leos, ana, NOW - 1)).toBe(false);
    expect(isMine(leos, ana, NOW)).toBe(true);
    expect(isMine({ ...leos, everyone_at_ms: 0 }, ana, NOW + 999)).toBe(false);
  });

  test("the till's and the managers' later, from theirs", () => {
    expect(isMine(leos, till, NOW)).toBe(false);
    expect(isMine(leos, till, NOW + 100)).toBe(true);
  });

  test("theirs who have it open, and a fault everybody's", () => {
    expect(isMine({ ...leos, everyone_at_ms: 0, claimed_by: "ana" }, ana, NOW)).toBe(true);
    expect(isMine(sampleAttention("fault", "1", { waiter_id: "leo" }), ana, NOW)).toBe(true);
  });
});

test("a fault rings until somebody takes it, here at once", () => {
  const fault = sampleAttention("fault", "1", { fault_id: "p1" });
  expect(isAlarming([fault])).toBe(true);
  const taken = withTaken([fault], [{ name: "take_fault", body: { fault_id: "p1" }, asked_at_ms: 7 }], "Ana");
  expect(taken.map((view) => [view.taken_by_name, view.taken_at_ms])).toEqual([["Ana", 7]]);
  expect(isAlarming(taken)).toBe(false);
  expect(withTaken([fault], [{ name: "take_fault", body: { fault_id: "p2" }, asked_at_ms: 7 }], "Ana")).toEqual([
    fault,
  ]);
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

describe("how a card is called", () => {
  const named = (by: object) => {
    const view = sampleAttention("ready", "4", { course: 1, ...by });
    return [shortPlaceOf(view), cardWord(view), arrivedWord(view)];
  };
  test("by its table", () => {
    expect(named({})).toEqual(["M4", "Mesa 4, Listo 1º", "Nuevo: Mesa 4, Listo 1º"]);
    expect(named({ table_label: "B2" })).toEqual(["B2", "Mesa B2, Listo 1º", "Nuevo: Mesa B2, Listo 1º"]);
  });

  test("a tab by its name, which is no table, and a counter sale without one by the counter", () => {
    expect(named({ table_id: "", table_label: "Laura" })).toEqual([
      "Laura",
      "Laura, Listo 1º",
      "Nuevo: Laura, Listo 1º",
    ]);
    const [short, aloud] = named({ table_id: "", table_label: "" });
    expect([short, aloud]).toEqual(["Mostrador", "Mostrador, Listo 1º"]);
  });

  test("a fault only by what fails", () => {
    const fault = sampleAttention("fault", "", {
      table_id: "",
      table_label: "",
      check_id: "",
      title: "printer",
      details: ["Cocina"],
    });
    expect([shortPlaceOf(fault), cardWord(fault)]).toEqual(["", "No imprime: Cocina"]);
  });
});
