// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { type App, startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleService } from "$lib/samples/service";
import { waitsAsText } from "$lib/waiting";
import WaiterScreen from "./App.svelte";

const LINE = { line_id: "l1", item_id: "bife", quantity: 2, note: "sin sal", seat: 0, allergies: [] };
let app: App;

beforeEach(async () => {
  startLanguage();
  globalThis.indexedDB = new IDBFactory();
  window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as never;
  app = await startApp({ app: "waiter" });
  app.feed.start = () => undefined;
  app.outbox.stop();
  await app.session.pair({ id: "d1", token: "t", role: "waiter", name: "Teléfono de Ana" });
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views: sampleService(Date.now()) });
});

test("what waits reads as people say it, with names instead of ids", async () => {
  const item = app.views.all("menu");
  const dish = item[0]!.menu.items[0]!;
  await app.do({ name: "add_lines", body: { check_id: "unknown", lines: [{ ...LINE, item_id: dish.id }] } });
  await app.work.keep("lines:ana:t1", [LINE]);
  await app.work.keep("waiter:settings", { volume: 3 });
  const text = waitsAsText(app);
  expect(text).toMatch(/^Lo que espera en Teléfono de Ana, \d\d:\d\d\n/);
  expect(text).toContain(`item_id: ${dish.name}`);
  expect(text).toMatch(/A medio cargar\n- lines · ana · Mesa 1\n {2}- item_id: Bife de chorizo\n {4}quantity: 2/);
  expect(text).toContain("note: sin sal");
  expect(text).not.toMatch(/seat|allergies|volume/);
});

test("a device paired anew asks what becomes of what was typed at the old venue, before anybody signs in", async () => {
  const user = userEvent.setup();
  await app.work.keep("lines:ana:t1", [LINE]);
  await app.session.unpair();
  await app.session.pair({ id: "d2", token: "t2", role: "waiter", name: "Otro" });
  render(WaiterScreen, { props: { app } });
  await screen.findByRole("heading", { name: "Quedó algo de antes" });
  screen.getByText(/vinculado como «Teléfono de Ana»/);
  screen.getByText("A medio cargar: 1.");
  await user.click(screen.getByRole("button", { name: "Copiar lo que espera" }));
  expect((screen.getByRole("textbox") as HTMLTextAreaElement).value).toContain("sin sal");
  await user.click(screen.getByRole("button", { name: "Descartar" }));
  await expect.poll(() => screen.queryByRole("heading", { name: "Quedó algo de antes" })).toBeNull();
  expect(await app.work.under("lines:")).toEqual([]);
});
