import { expect, test } from "vitest";
import { isVisitOver } from "./probe";

/** An edge that has this phone at one table. */
const edgeWith = (visitId: string) => async (path: Parameters<typeof fetch>[0]) =>
  new URL(String(path), "http://edge").searchParams.get("visit") === visitId
    ? new Response("")
    : Response.json({ code: "visit_over", facts: {} }, { status: 409 });

test("a visit that the edge does not know the phone in is over, and its own is not", async () => {
  expect(await isVisitOver("v 1", edgeWith("v 1") as typeof fetch)).toBe(false);
  expect(await isVisitOver("v 2", edgeWith("v 1") as typeof fetch)).toBe(true);
});

test("nothing is known while nobody answers", async () => {
  expect(await isVisitOver("v1", (() => Promise.reject(new TypeError())) as typeof fetch)).toBeNull();
});
