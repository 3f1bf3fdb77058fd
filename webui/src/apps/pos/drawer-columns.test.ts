// @vitest-environment jsdom
import { screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { sampleDrawer } from "$lib/samples/till";
import { TestTill } from "./test-till";

let till: TestTill;
afterEach(() => till.unmount());

test("the X stands beside the drawer and what other drawers say, not below them", async () => {
  till = await TestTill.start();
  const other = sampleDrawer({ session_id: "s2", drawer_id: "b", drawer_name: "Caja 2" });
  till.app.views.apply({ type: "views", seq: 2, of: "here", changes: [["drawer", "s2", other]] });
  await till.press("Caja");
  const totals = await screen.findByRole("region", { name: "Parcial X" });
  const columns = totals.parentElement!;
  expect(columns.className).toContain("grid-cols-[4fr_3fr_4fr]");
  expect(columns.children).toHaveLength(3);
});
