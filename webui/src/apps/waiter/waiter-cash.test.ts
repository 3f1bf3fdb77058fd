// @vitest-environment jsdom
import { screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { sampleDrawer } from "$lib/samples/till";
import { TestWaiter } from "./test-waiter";

let waiter: TestWaiter;
afterEach(() => waiter.unmount());

test("with two drawers open and none chosen, the phone asks for a place and does not say that none is open", async () => {
  waiter = await TestWaiter.start();
  const changes = ["a", "b"].map((id): [string, string, object] => [
    "drawer",
    id,
    sampleDrawer({ session_id: id, drawer_id: id, drawer_name: `Caja ${id}` }),
  ]);
  waiter.app.views.apply({ type: "views", seq: 2, of: "here", changes });
  waiter.open();
  await waiter.user.click(await screen.findByRole("button", { name: /^Todos/ }));
  await waiter.user.click((await screen.findAllByRole("button", { name: "Cobrar" }))[0]!);
  expect(await screen.findByText("Elegí adónde va el efectivo.")).toBeTruthy();
  await waiter.user.click(await screen.findByRole("radio", { name: /Caja b/ }));
  expect(screen.queryByText("Elegí adónde va el efectivo.")).toBeNull();
});
