// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DayTotals, ViewsFrame } from "$generated/vocabulary";
import { startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleDrawer, sampleTill, sampleTotals } from "$lib/samples/till";
import AppScreen from "./App.svelte";
import { standIns } from "./test-till";

standIns();

type Change = ViewsFrame["changes"][number];
const withoutDrawers = (views: Change[]) => views.filter(([kind]) => kind !== "drawer");

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 5, 3, 40); // 00:40 of 5 March in Buenos Aires

/** The till of a manager, with these views and these figures of the open period, at its closings. */
async function atClosings(views: Change[], totals: DayTotals) {
  startLanguage();
  vi.setSystemTime(NOW);
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(totals)));
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
  app.views.apply({ type: "snapshot", seq: 1, of: "here", views });
  render(AppScreen, { props: { app } });
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  await user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox");
  await waitFor(() => expect(document.activeElement).toBe(box));
  await user.keyboard("cierres{Enter}");
  return { app, user };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const lastNight = sampleTotals({
  period: 12,
  opened_at_ms: NOW - 13 * 3_600_000,
  business_day: "2026-03-04",
  business_days: ["2026-03-04"],
  open_checks: 0,
});

test("closing says the period, since when it runs, its day and what it sold", async () => {
  const { user } = await atClosings(withoutDrawers(sampleTill(NOW)), lastNight);
  await user.click(await screen.findByRole("button", { name: "Cerrar turno" }));
  expect(await screen.findByRole("alertdialog", { name: "¿Cerrar el turno 12, 4/3 11:40 a 00:40?" })).toBeTruthy();
  expect(screen.getByText(/4 de marzo. Ventas \$.1\.284\.300\./)).toBeTruthy();
});

test("a drawer of the period that nobody counted is named, and nothing is closed", async () => {
  const { user } = await atClosings(sampleTill(NOW), lastNight);
  await user.click(await screen.findByRole("button", { name: "Cerrar turno" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Caja 1");
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("a clock in doubt is named, and who looked at it may close all the same", async () => {
  const { user } = await atClosings(withoutDrawers(sampleTill(NOW)), lastNight);
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (!String(url).endsWith("/commands")) return new Response(JSON.stringify(lastNight));
    const [command] = JSON.parse(String(init?.body)).commands;
    asked.push(command.body);
    const facts = { business_day: "2031-05-01", last_day: "2026-03-04" };
    const refused = { id: command.id, outcome: "refused", code: "clock_doubtful", facts };
    const done = { id: command.id, outcome: "done", seq: 9 };
    return new Response(JSON.stringify({ answers: [command.body.is_clock_right ? done : refused] }));
  });
  await user.click(await screen.findByRole("button", { name: "Cerrar turno" }));
  const sure = await screen.findByRole("alertdialog", { name: /turno 12/ });
  await user.click(within(sure).getByRole("button", { name: "Cerrar turno" }));
  expect((await screen.findByRole("alert")).textContent).toContain("2031-05-01");
  await user.click(await screen.findByRole("button", { name: "El reloj está bien: cerrar" }));
  await waitFor(() => expect(asked).toHaveLength(2));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(asked, "and it is the period that was looked at").toEqual([
    { is_clock_right: false, z_number: 12 },
    { is_clock_right: true, z_number: 12 },
  ]);
});

test("a waiter who has not handed over is named", async () => {
  const purse = sampleDrawer({
    session_id: "s3",
    drawer_id: "purse",
    drawer_name: "",
    purse_of: "ana",
    purse_of_name: "Ana",
  });
  const { user } = await atClosings([...withoutDrawers(sampleTill(NOW)), ["drawer", "s3", purse] as Change], lastNight);
  await user.click(await screen.findByRole("button", { name: "Cerrar turno" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Ana");
});

test("a close that comes a day late leaves alone the drawer that was opened today", async () => {
  const views = withoutDrawers(sampleTill(NOW)).map(([kind, key, view]) =>
    kind === "venue" ? [kind, key, { ...(view as object), business_day: "2026-03-05" }] : [kind, key, view],
  ) as Change[];
  const today = ["drawer", "s2", sampleDrawer({ session_id: "s2", business_day: "2026-03-05" })] as Change;
  const { user } = await atClosings([...views, today], lastNight);
  await user.click(await screen.findByRole("button", { name: "Cerrar turno" }));
  expect(await screen.findByRole("alertdialog", { name: /turno 12/ })).toBeTruthy();
});

test("two closings of one day are told apart by their number and their hours", async () => {
  const z = (number: number, from: number, to: number) =>
    [
      "z_report",
      String(number),
      {
        business_day: "2026-03-04",
        z_number: number,
        totals: { ...lastNight, period: number, opened_at_ms: from },
        closed_by_name: "Marta",
        closed_at_ms: to,
      },
    ] as Change;
  const noon = NOW - DAY / 2 - 40 * 60_000;
  const both = [z(12, noon, noon + DAY / 6), z(13, noon + DAY / 3, NOW)];
  await atClosings([...withoutDrawers(sampleTill(NOW)), ...both], lastNight);
  const list = await screen.findByRole("list", { name: "Cierres" });
  expect([...list.querySelectorAll("button")].map((one) => one.textContent)).toEqual([
    expect.stringMatching(/Z 13.*4\/3 20:00 a 00:40/),
    expect.stringMatching(/Z 12.*12:00 a 16:00/),
  ]);
  expect(screen.getByRole("article", { name: "Z 13" }).textContent).toContain("Turno 13");
});
