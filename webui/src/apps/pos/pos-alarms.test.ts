// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sampleAttention } from "$lib/samples/service";
import { TestEar } from "$lib/test-audio";
import { TestTill } from "./test-till";

let till: TestTill;
let ear: TestEar;

/** What sounds within three seconds is one sound. */
const later = () => vi.setSystemTime(Date.now() + 5000);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  ear = new TestEar();
  till = await TestTill.start(["take_orders", "answer_calls", "draw_floor"]);
  await till.press(/Salón/);
  await waitFor(() => expect(till.app.sound.isHeard).toBe(true));
});
afterEach(() => {
  till.unmount();
  vi.useRealTimers();
});

const show = (by: object, kind = "call") =>
  till.change(
    "attention",
    "x",
    sampleAttention(kind, "4", { key: "x", waiter_id: "ana", since_ms: Date.now(), ...by }),
  );

test("the till hears a table only from the moment that the edge gives", async () => {
  later();
  const before = ear.heard("call");
  show({ everyone_at_ms: Date.now(), till_at_ms: Date.now() + 900_000 });
  await till.press(/Salón/);
  expect(ear.heard("call")).toBe(before);
  show({ everyone_at_ms: Date.now(), till_at_ms: Date.now() });
  await waitFor(() => expect(ear.heard("call")).toBe(before + 1));
});

test("a station that gets no tickets is a band with what to do, and who does it", async () => {
  show({ title: "station", details: ["Parrilla", "Impresora 2"], fault_id: "grill", table_id: "" }, "fault");
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText("Parrilla no recibe comandas")).toBeTruthy();
  expect(within(alert).getByText(/No anda su pantalla ni Impresora 2/)).toBeTruthy();
  await waitFor(() => expect(ear.heard("fault")).toBe(1));
  show({ title: "station", details: ["Parrilla", ""], fault_id: "grill", table_id: "", taken_by_name: "Ana" }, "fault");
  await screen.findByText("Se ocupa Ana");
  expect(screen.queryByRole("button", { name: /me ocupo/ })).toBeNull();
});

test("sections are given by touch and by the arrows, and what is refused is said", async () => {
  await till.user.keyboard("{Control>}k{/Control}");
  await till.user.keyboard("Sectores{Enter}");
  const salon = await screen.findByRole("radiogroup", { name: "Quién atiende Salón" });
  await till.user.click(within(salon).getByRole("radio", { name: /Nico/ }));
  await waitFor(() => expect(till.called.at(-1)?.body).toEqual({ section_id: "salon", staff_id: "nico" }));
  till.answer = () => ({ outcome: "refused", code: "staff_unknown", facts: {} });
  await till.user.keyboard("{ArrowDown}");
  await waitFor(() => expect(till.called.at(-1)?.body).toEqual({ section_id: "salon", staff_id: "" }));
  expect(await screen.findByRole("alert")).toBeTruthy();
});
