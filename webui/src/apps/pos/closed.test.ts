// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ClosedCheck, ClosedChecks, WholeCheck } from "$generated/vocabulary";
import { reasonWords } from "$lib/reasons";
import { sampleCheck } from "$lib/samples/service";
import { TestTill } from "./test-till";

let till: TestTill;
/** What the edge answers to a path; null when nobody answers. */
let answers: (path: string) => { status: number; body: unknown } | null;
let asked: string[];

const closed = (number: number, by: Partial<ClosedCheck> = {}): ClosedCheck => ({
  check_id: `c${number}`,
  number,
  kind: "table",
  table_label: "7",
  name: "",
  waiter_name: "Ana",
  covers: 2,
  business_day: "2026-03-04",
  closed_at_ms: Date.now() - number * 60_000,
  total_minor: number * 1_000_00,
  tips_minor: 0,
  tenders: ["card"],
  ...by,
});
const page = (checks: ClosedCheck[], next = ""): { status: number; body: ClosedChecks } => ({
  status: 200,
  body: { checks, next },
});

beforeEach(async () => {
  asked = [];
  answers = () => page([]);
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const answer = answers(path);
    if (!answer) throw new TypeError("nobody");
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  });
  till = await TestTill.start();
});
afterEach(() => till.unmount());

async function open(): Promise<void> {
  await till.user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox");
  await waitFor(() => expect(document.activeElement).toBe(box));
  await till.user.keyboard("cerradas{Enter}");
  await screen.findByRole("heading", { name: "Cuentas cerradas" });
}

test("the last closed checks come first, and the page after them when asked", async () => {
  answers = (path) => (path.includes("after=later") ? page([closed(1)]) : page([closed(3), closed(2)], "later"));
  await open();
  const list = await screen.findByRole("list", { name: "Cuentas cerradas" });
  expect(within(list).getAllByRole("button")).toHaveLength(2);
  await till.press("Ver más");
  await waitFor(() => expect(within(list).getAllByRole("button")).toHaveLength(3));
  expect(screen.queryByRole("button", { name: "Ver más" })).toBeNull();
});

test("what is typed is looked for once the hand rests, and what has none of it is said", async () => {
  answers = (path) => (path.includes("text=flan") ? page([]) : page([closed(3)]));
  await open();
  await screen.findByRole("list", { name: "Cuentas cerradas" });
  await till.user.type(screen.getByRole("searchbox"), "flan");
  expect(await screen.findByText("Ninguna cuenta cerrada tiene todo eso")).toBeTruthy();
  expect(asked.filter((path) => path.includes("text=f")).length).toBeLessThan(4);
});

test("a day without a closed check says so", async () => {
  await open();
  expect(await screen.findByText("Todavía no se cerró ninguna cuenta")).toBeTruthy();
});

test("nobody answers: the list says so, and asks again", async () => {
  answers = () => null;
  await open();
  expect(await screen.findByText(/No hay conexión con el servidor/)).toBeTruthy();
  answers = () => page([closed(3)]);
  await till.press("Reintentar");
  expect(await screen.findByRole("list", { name: "Cuentas cerradas" })).toBeTruthy();
});

test("a question that took too long is refused in words", async () => {
  answers = () => ({ status: 504, body: { code: "too_slow", facts: { limit_s: 3 } } });
  await open();
  expect(await screen.findByText(/se cortó a los 3 s/)).toBeTruthy();
});

test("one check shows who did what, and prints its receipt again", async () => {
  const whole: WholeCheck = {
    check: { ...sampleCheck("7"), check_id: "c3", number: 3, state: "closed" },
    history: [
      {
        seq: 9,
        at_ms: Date.now(),
        kind: "line_voided",
        by_name: "Ana",
        device_name: "Teléfono",
        approved_by_name: "Marta",
        dishes: ["1 Flan"],
        amount_minor: 4_000_00,
        reason: "changed_mind",
        adjustment: "",
      },
      {
        seq: 10,
        at_ms: Date.now(),
        kind: "adjusted",
        by_name: "Leo",
        device_name: "Teléfono",
        approved_by_name: "Marta",
        dishes: ["1 Flan"],
        amount_minor: -4_000_00,
        reason: "delay",
        adjustment: "comp",
      },
    ],
  };
  answers = (path) => (path.startsWith("/checks/c3") ? { status: 200, body: whole } : page([closed(3)]));
  await open();
  await till.press(/Mesa 7/);
  const history = await screen.findByRole("list", { name: "Qué pasó" });
  expect(within(history).getByText("Anuló")).toBeTruthy();
  expect(within(history).getByText(reasonWords("changed_mind"))).toBeTruthy();
  expect(within(history).queryByText("changed_mind")).toBeNull();
  expect(within(history).getByText("Ana · Teléfono · aprobó Marta")).toBeTruthy();
  expect(within(history).getByText("Ajustó: invitación")).toBeTruthy();
  expect(within(history).getByText("Leo · Teléfono · aprobó Marta")).toBeTruthy();
  await till.press("Otra copia del ticket");
  expect(till.called.at(-1)).toMatchObject({ name: "print_receipt", body: { check_id: "c3" } });
});

test("a counter sale without a name says its number once, in the list and when it is open", async () => {
  const sale = { table_label: "", name: "", kind: "counter" };
  const check = { ...sampleCheck("7"), ...sale, check_id: "c3", number: 3, state: "closed" };
  const whole: WholeCheck = { check, history: [] };
  answers = (path) => (path.startsWith("/checks/c3") ? { status: 200, body: whole } : page([closed(3, sale)]));
  await open();
  const row = await screen.findByRole("button", { name: /Mostrador · Cuenta/ });
  expect(row.textContent?.match(/Cuenta 3/g)).toHaveLength(1);
  await till.user.click(row);
  const article = await screen.findByRole("article", { name: "Mostrador · Cuenta 3" });
  expect(article.querySelector("h2")?.textContent?.match(/Cuenta 3/g)).toHaveLength(1);
});
