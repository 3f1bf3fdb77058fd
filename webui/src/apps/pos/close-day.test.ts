// @vitest-environment jsdom
import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { expect, test, vi } from "vitest";
import { sampleTill, sampleTotals } from "$features/cash/sample";
import type { ViewsFrame } from "$generated/vocabulary";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import AppScreen from "./App.svelte";
import { standIns } from "./test-till";

standIns();

const withoutDrawers = (views: ViewsFrame["changes"][number][]) => views.filter(([kind]) => kind !== "drawer");

test("closing says the day that the edge will close and what it sold, also after the cut-over", async () => {
  startLanguage();
  globalThis.indexedDB = new IDBFactory();
  const lastNight = sampleTotals({ business_day: "2026-03-04", sales_minor: 128_430_000, open_checks: 0 });
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(lastNight)));
  const app = await startApp({ app: "pos" });
  app.feed.start = () => undefined;
  app.outbox.stop();
  await app.session.pair({ id: "d", token: "t", role: "pos", name: "Caja" });
  await app.session.unlock({
    staff_id: "marta",
    name: "Marta",
    role: "manager",
    permissions: ["close_day"],
    session: "s",
  });
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views: withoutDrawers(sampleTill(Date.now())) });
  render(AppScreen, { props: { app } });
  const user = userEvent.setup();
  await user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox");
  await waitFor(() => expect(document.activeElement).toBe(box));
  await user.keyboard("cierres{Enter}");
  await user.click(await screen.findByRole("button", { name: "Cerrar jornada" }));
  expect(await screen.findByRole("alertdialog", { name: /4 de marzo/ })).toBeTruthy();
  expect(screen.getByText(/Ventas \$.1\.284\.300\./)).toBeTruthy();
});
