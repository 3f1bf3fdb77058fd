import { expect, test } from "vitest";
import { confirmAsks } from "$lib/asks";
import { sampleCheck, sampleDraft, sampleOrdered } from "$lib/samples/service";
import { openCheckId, orderAsks } from "./asks";

const lines = [{ line_id: "l1", item_id: "agua" }];

test("an order at a free table opens it, adds and sends in one request", () => {
  const asks = orderAsks({ checkId: "c", opening: { tableId: "t7", covers: 4 }, lines });
  expect(asks.map((one) => one.name)).toEqual(["open_check", "add_lines", "send_lines"]);
  expect(asks[2]?.body).toMatchObject({ check_id: "c", line_ids: ["l1"] });
});

test("held lines are not sent", () => {
  expect(orderAsks({ checkId: "c", lines, isHeld: true }).map((one) => one.name)).toEqual(["add_lines"]);
});

test("a draft is confirmed as it is, and only its lines are sent", () => {
  const draft = sampleDraft("12", { check_id: "c12", lines: [sampleOrdered("l1", "Agua")] });
  const [confirm, send] = confirmAsks(draft);
  expect(confirm?.body).toMatchObject({ draft_id: "d12", check_id: "c12", lines: null });
  expect(send?.body).toMatchObject({ check_id: "c12", line_ids: ["l1"] });
});

test("the open check of a table is the edge's, else the one asked for here", () => {
  const unsettled = [{ command: { name: "open_check", body: { table_id: "t7", check_id: "mine" } } }];
  expect(openCheckId("t7", [sampleCheck("7", { state: "closed" })], unsettled)).toBe("mine");
  expect(openCheckId("t7", [sampleCheck("7")], unsettled)).toBe("c7");
  expect(openCheckId("t8", [], unsettled)).toBeNull();
});
