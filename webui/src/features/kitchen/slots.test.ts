import { describe, expect, test } from "vitest";
import { arrange, elsewhereCount, HOLE_MS, type Placed, pageOf, pagesOf, type Slots } from "./slots";

const PAGE = 4;

function tickets(...names: string[]): Placed[] {
  return names.map((ticketId, index) => ({ ticketId, firedAtMs: index, isOpen: true, size: 1 }));
}

function at(slots: Slots, all: Placed[], nowMs = 0, mayAdvance = true): Slots {
  return arrange(slots, all, { nowMs, perPage: PAGE, mayAdvance });
}

const done = (all: Placed[], ...names: string[]) =>
  all.map((ticket) => (names.includes(ticket.ticketId) ? { ...ticket, isOpen: false } : ticket));
const shown = (slots: Slots) =>
  slots.map((slot) => (slot ? `${slot.ticketId}${slot.holeUntilMs ? "°" : ""}` : "-")).join(" ");

describe("slots", () => {
  test("are filled oldest first, whatever order the tickets come in", () => {
    expect(shown(at([], tickets("a", "b", "c").reverse()))).toBe("a b c");
  });

  test("stay where they are when another ticket is done", () => {
    const all = tickets("a", "b", "c", "d", "e");
    const board = at([], all);
    expect(shown(at(board, done(all, "b")))).toBe("a b° c d e");
  });

  test("stay a hole for twenty seconds, then take the next that waits", () => {
    const all = tickets("a", "b", "c", "d", "e");
    const bumped = done(all, "b");
    const board = at(at([], all), bumped, 1000);
    expect(shown(at(board, bumped, 1000 + HOLE_MS - 1))).toBe("a b° c d e");
    expect(shown(at(board, bumped, 1000 + HOLE_MS))).toBe("a e c d");
  });

  test("give a recalled ticket its own place back", () => {
    const all = tickets("a", "b", "c");
    const board = at(at([], all), done(all, "b"), 1000);
    expect(shown(at(board, all, 5000))).toBe("a b c");
  });

  test("take a ticket recalled later as any other", () => {
    const all = tickets("a", "b", "c");
    const bumped = done(all, "a");
    const gone = at(at(at([], all), bumped, 0), bumped, HOLE_MS);
    expect(shown(gone)).toBe("- b c");
    expect(shown(at(gone, all, HOLE_MS + 1))).toBe("a b c");
  });

  test("are free at once when a ticket is no more", () => {
    const board = at([], tickets("a", "b"));
    expect(shown(at(board, tickets("b")))).toBe("- b");
  });

  test("do not pull a ticket away from the page that somebody reads", () => {
    const all = tickets("a", "b", "c", "d", "e");
    const bumped = done(all, "a");
    const board = at(at([], all), bumped, 0);
    expect(shown(at(board, bumped, HOLE_MS, false))).toBe("- b c d e");
  });

  test("are the same object while nothing changes, so that nothing is drawn again", () => {
    const all = tickets("a", "b");
    const board = at([], all);
    expect(at(board, all, 9000)).toBe(board);
  });
});

describe("a long ticket", () => {
  const long = (size: number): Placed => ({ ticketId: "L", firedAtMs: 0, isOpen: true, size });
  const parts = (slots: Slots) =>
    slots.map((slot) => (slot ? `${slot.ticketId}${slot.part + 1}/${slot.parts}` : "-")).join(" ");

  test("takes slots side by side", () => {
    const board = at([null, { ticketId: "a", part: 0, parts: 1, holeUntilMs: 0 }], [long(2), ...tickets("a")]);
    expect(parts(board)).toBe("- a1/1 L1/2 L2/2");
  });

  test("takes what is free and the rest when it can", () => {
    const [a, b, c] = tickets("a", "b", "c") as [Placed, Placed, Placed];
    const full = at([], [a, b, c]);
    const came = at(full, [a, b, c, { ...long(2), firedAtMs: 9 }]);
    expect(parts(came)).toBe("a1/1 b1/1 c1/1 L1/1");
    const without = [b, c, { ...long(2), firedAtMs: 9 }];
    expect(parts(at(came, without))).toBe("L2/2 b1/1 c1/1 L1/2");
  });

  test("gives a slot back once it is shorter", () => {
    expect(parts(at(at([], [long(2)]), [long(1)]))).toBe("L1/1");
  });

  test("leaves one hole for each of its slots", () => {
    expect(shown(at(at([], [long(2)]), [{ ...long(2), isOpen: false }]))).toBe("L° L°");
  });
});

describe("pages", () => {
  const board = at([], tickets("a", "b", "c", "d", "e", "f"));

  test("hold as many slots as fit", () => {
    expect(pagesOf(board, PAGE)).toBe(2);
    expect(shown(pageOf(board, 1, PAGE))).toBe("e f - -");
  });

  test("say how many tickets are on the others", () => {
    expect(elsewhereCount(board, 0, PAGE)).toBe(2);
    expect(elsewhereCount(board, 1, PAGE)).toBe(4);
  });

  test("are one when nothing is on the board", () => {
    expect(pagesOf([], PAGE)).toBe(1);
  });
});
