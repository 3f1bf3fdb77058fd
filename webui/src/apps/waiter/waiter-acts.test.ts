// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Ask, Command } from "$lib/outbox";
import { TestWaiter } from "./test-waiter";

let ana: TestWaiter;
let called: (Ask | Command)[];

beforeEach(async () => {
  ana = await TestWaiter.start();
  called = [];
  ana.app.outbox.callNow = async (asks) => {
    const list = (Array.isArray(asks) ? asks : [asks]) as (Ask | Command)[];
    called.push(...list);
    return { state: "answered", answers: list.map(() => ({ id: "1", outcome: "done" as const, seq: 1 })) };
  };
});
afterEach(() => ana.unmount());

test("three touches free a table whose party left without ordering", async () => {
  await ana.atTable("12");
  await ana.press("Liberar mesa");
  const dialog = await screen.findByRole("alertdialog", { name: "¿Liberar la mesa 12?" });
  await ana.touch(within(dialog).getByRole("button", { name: "Liberar mesa" }));
  await waitFor(() => expect(called).toMatchObject([{ name: "abandon_check", body: { check_id: "c12" } }]));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Mesa 12" })).toBeNull());
  expect(ana.taps).toBe(3);
});

test("a table whose check was given up elsewhere shows as free", async () => {
  await ana.atTable("12");
  await screen.findByRole("button", { name: "Liberar mesa" });
  ana.app.views.apply({ type: "views", seq: 2, of: "here", changes: [["check", "c12", null]] });
  expect(await screen.findByText("Mesa libre")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Liberar mesa" })).toBeNull();
});

test("the pause of requests from phones asks a waiter for a manager's PIN", async () => {
  ana.app.views.apply({
    type: "views",
    seq: 2,
    of: "here",
    changes: [["staff", "marta", { staff_id: "marta", name: "Marta", role: "manager", permissions: ["approve"] }]],
  });
  ana.open();
  await ana.press(/^Yo/);
  await ana.press("Pausar pedidos QR");
  expect(await screen.findByText("PIN de Marta")).toBeTruthy();
  expect(called).toEqual([]);
});

test("a pause is said above the queue for as long as it lasts", async () => {
  const venue = ana.app.views.get("venue", "venue") as object;
  const at = Date.UTC(2026, 2, 6, 0, 40);
  ana.app.views.apply({
    type: "views",
    seq: 2,
    of: "here",
    changes: [["venue", "venue", { ...venue, drafts_paused_at_ms: at }]],
  });
  ana.open();
  expect(await screen.findByText(/^Pedidos QR en pausa desde 21:40/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Reanudar pedidos QR" })).toBeTruthy();
});
