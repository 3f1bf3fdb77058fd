// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sampleAttention } from "$lib/samples/service";
import { TestEar } from "$lib/test-audio";
import { TestWaiter } from "./test-waiter";

let ana: TestWaiter;
let ear: TestEar;
let seq: number;

/** What sounds within three seconds is one sound. */
const later = () => vi.setSystemTime(Date.now() + 5000);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  ear = new TestEar();
  seq = 1;
  ana = await TestWaiter.start();
  const staff = { staff_id: "ana", name: "Ana", role: "waiter", permissions: [], locked_until_ms: 0, signed_in_on: [] };
  ana.app.views.apply({ type: "views", seq: 1, of: "o", changes: [["staff", "ana", staff]] });
});
afterEach(() => {
  ana.unmount();
  vi.useRealTimers();
});

function show(key: string, by: Parameters<typeof sampleAttention>[2] = {}, kind = "call") {
  seq += 1;
  const at = Date.now();
  const view = sampleAttention(kind, "3", { key, waiter_id: "leo", since_ms: at, appears_at_ms: at, ...by });
  ana.app.views.apply({ type: "views", seq, of: "o", changes: [["attention", key, view]] });
}

async function awake() {
  ana.open();
  await ana.press(/^Míos/);
  await waitFor(() => expect(ana.app.sound.isHeard).toBe(true));
}

test("another's card is heard here once it is everybody's, and says why", async () => {
  await awake();
  later();
  const before = ear.heard("call");
  show("call:far", { everyone_at_ms: Date.now() + 900_000 });
  await ana.press(/^Míos/);
  expect(screen.queryByRole("article", { name: "Mesa 3, Llama" })).toBeNull();
  expect(ear.heard("call")).toBe(before);
  show("call:far", { everyone_at_ms: Date.now(), waiter_name: "Leo", waiter_away: "asleep" });
  later();
  const card = await screen.findByRole("article", { name: "Mesa 3, Llama" });
  expect(within(card).getByText("Leo: pantalla apagada")).toBeTruthy();
  await waitFor(() => expect(ear.heard("call")).toBe(before + 1));
});

test("a locked phone rings still, says how much waits, and asks for the PIN alone", async () => {
  await awake();
  await waitFor(() => expect(screen.getAllByRole("article").length).toBeGreaterThan(2));
  await ana.app.session.lock();
  const status = await screen.findByText(/^Ana · \d+ pendientes$/);
  const waits = Number(status.textContent?.match(/\d+/)?.[0]);
  later();
  const before = ear.heard("call");
  show("call:late", { table_id: "t99", table_label: "99", waiter_id: "ana" });
  await screen.findByText(`Ana · ${waits + 1} pendientes`);
  await waitFor(() => expect(ear.heard("call")).toBe(before + 1));
  expect(screen.getByRole("heading", { level: 1, name: /Ana/ })).toBeTruthy();
  await ana.press("Soy otra persona");
  expect(await screen.findByRole("heading", { level: 1, name: "¿Quién sos?" })).toBeTruthy();
});

test("a printer that does not print rings, shows what waits, and is taken by name", async () => {
  await awake();
  show(
    "fault:p1",
    { title: "printer", details: ["Parrilla", "paper_out", "2"], fault_id: "p1", table_id: "", table_label: "" },
    "fault",
  );
  later();
  const card = await screen.findByRole("article", { name: /No imprime: Parrilla/ });
  expect(within(card).getByText("Poné un rollo.")).toBeTruthy();
  expect(within(card).getByText("2 comandas esperan")).toBeTruthy();
  await waitFor(() => expect(ear.heard("fault")).toBe(1));
  await ana.user.click(within(card).getByRole("button", { name: "Me ocupo" }));
  await waitFor(() => expect(ana.lastBody("take_fault")).toEqual({ about: "printer", fault_id: "p1" }));
  expect(await within(card).findByText(/^Se ocupa Ana/)).toBeTruthy();
});

test("a bill asked where nothing was ordered is answered by whoever goes", async () => {
  ana.open();
  show("call:b", { check_id: "", call_id: "b", waiter_id: "ana" }, "bill");
  later();
  const card = await screen.findByRole("article", { name: "Mesa 3, Cuenta" });
  await ana.user.click(within(card).getByRole("button", { name: "Voy" }));
  await waitFor(() => expect(ana.lastBody("answer_call")).toEqual({ call_id: "b" }));
});
