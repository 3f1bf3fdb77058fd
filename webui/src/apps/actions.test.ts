// @vitest-environment jsdom
import { configure, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type App, startApp } from "$lib/app.svelte";
import { setLanguage, startLanguage } from "$lib/i18n.svelte";
import * as m from "$lib/messages";
import type { Answer, Command } from "$lib/outbox";
import { type Recorded, recorded } from "$lib/recorded";
import { staffWords } from "$lib/rejections-staff";
import { Wire } from "$lib/test-wire";
import PosScreen from "./pos/App.svelte";
import { tillKeys } from "./pos/keys";
import { standIns } from "./pos/test-till";

configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const CARO = [
  "answer_calls",
  "charge",
  "confirm_drafts",
  "drawer",
  "move_checks",
  "sold_out",
  "take_orders",
  "x_report",
];
/** Why not, and what came of it, as a person reads it. */
const WORDS = {
  "es-AR": {
    needsEdge: "Necesita conexión con el servidor.",
    mayNot: "Tu rol no puede hacer esto.",
    onItsWay: "Ya está en camino.",
    doubt: "No sabemos si se hizo. Consultá antes de repetir.",
    askAgain: "Consultar ahora",
  },
  en: {
    needsEdge: "Needs the link to the venue server.",
    mayNot: "Your role may not do this.",
    onItsWay: "Already on its way.",
    doubt: "We do not know if it went through. Check before repeating.",
    askAgain: "Check now",
  },
} as const;
type Language = keyof typeof WORDS;

let app: App;
let said: Recorded;
let unmount = () => {};
const user = userEvent.setup();
/** A button by the words it begins with. */
const button = (words: string) => screen.findByRole("button", { name: (name) => name.startsWith(words) });
/** What reached the edge, in order, and the approvals it was asked for. */
let reached: Command[] = [];
let approvals: Record<string, unknown>[] = [];
let answer: (command: Command) => Partial<Answer>;
/** Answers are lost on the way back. */
let isLost = false;
const count = (name: string) => reached.filter((one) => one.name === name).length;

async function edge(url: string, init: RequestInit): Promise<Response> {
  const body = JSON.parse(String(init.body));
  if (url.includes("approvals")) {
    approvals.push(body);
    return Response.json({ approval: "a1", approved_by: "mara", approved_by_name: "Mara" });
  }
  if (!url.includes("commands")) return Response.json({ code: "not_found", facts: {} }, { status: 404 });
  const { commands } = body as { commands: Command[] };
  reached.push(...commands);
  if (isLost) {
    vi.setSystemTime(Date.now() + 10_000);
    throw new TypeError("Failed to fetch");
  }
  const answers = commands.map((one) => ({ id: one.id, outcome: "done", seq: said.service.seq, ...answer(one) }));
  return Response.json({ answers }, { status: answers.some((one) => one.outcome === "done") ? 200 : 409 });
}

/** Caro's till at dinner, in front of an edge that says what a real one said. */
async function open(language: Language, permissions: string[] = CARO): Promise<void> {
  said = recorded("pos");
  vi.useFakeTimers({ toFake: ["Date"], now: said.beats.live.now_ms });
  startLanguage();
  setLanguage(language);
  globalThis.indexedDB = new IDBFactory(); // a device that was never used
  standIns();
  vi.stubGlobal("WebSocket", Wire);
  vi.stubGlobal("fetch", edge);
  Wire.answer = () => [said.service, said.beats.live];
  [reached, approvals, isLost] = [[], [], false];
  answer = () => ({});
  app = await startApp({ app: "pos" });
  await app.session.pair({ id: "till", token: "t", role: "pos", name: "Caja 1" });
  await app.session.unlock({ staff_id: "caro", name: "Caro", role: "cashier", permissions, session: "s" });
  unmount = render(PosScreen, { props: { app } }).unmount;
  await waitFor(() => expect(app.isReachable && app.views.isFresh).toBe(true));
}

async function atTable(label: string): Promise<void> {
  await user.keyboard(`${label}{Enter}`);
  await screen.findByRole("heading", { level: 1, name: new RegExp(label) });
}

/** What was kept has been sent and answered. */
async function settled(): Promise<void> {
  await waitFor(() => expect(app.pending).toBe(0));
}

afterEach(async () => {
  unmount();
  await app.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe.each(["es-AR", "en"] as const)("in %s", (language) => {
  const words = WORDS[language];

  test("a double tap, the key in the same moment and a held key print one bill", async () => {
    await open(language);
    await atTable("1");
    const bill = await button(m.attention_bill_print());
    await user.dblClick(bill);
    await user.keyboard("{F7}");
    await user.keyboard("{F7>5/}");
    bill.focus();
    await user.keyboard("{Enter>5/}");
    await waitFor(() => expect(count("print_guest_check")).toBeGreaterThan(0));
    await settled();
    expect(count("print_guest_check")).toBe(1);
  });

  test("what waits for the link is not asked again, and says so", async () => {
    await open(language);
    await atTable("1");
    app.outbox.stop();
    const bill = await button(m.attention_bill_print());
    await user.click(bill);
    expect(await within(bill).findByText(words.onItsWay)).toBeTruthy();
    vi.setSystemTime(Date.now() + 60_000);
    await user.keyboard("{F7}");
    expect(app.unsettled.map(({ command }) => command.name)).toEqual(["print_guest_check"]);
  });

  test("what a role may not do says so, by button and in the palette", async () => {
    await open(
      language,
      CARO.filter((one) => one !== "take_orders"),
    );
    await atTable("1");
    const bill = await button(m.attention_bill_print());
    expect(bill).toHaveProperty("disabled", true);
    expect(within(bill).getByText(words.mayNot)).toBeTruthy();
    await user.keyboard("{F7}");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), m.attention_bill_print());
    const row = (await screen.findAllByRole("option")).find((one) => one.textContent?.includes(words.mayNot));
    expect(row?.getAttribute("aria-disabled")).toBe("true");
    expect(reached).toEqual([]);
  });

  test("what must be asked now waits for the link, and says so", async () => {
    await open(language);
    await user.click(await button(m.pos_drawer()));
    const print = await button(m.cash_x_print());
    app.link = { ...app.link, face: "no_edge" };
    expect(await within(print).findByText(words.needsEdge)).toBeTruthy();
    expect(print).toHaveProperty("disabled", true);
  });

  test("a refusal is said in words beside what was refused, which may be asked again", async () => {
    await open(language);
    const { code = "failed", facts } = said.answers.refused;
    answer = () => ({ outcome: "refused", code, facts: facts as Answer["facts"] });
    await user.click(await button(m.pos_drawer()));
    const print = await button(m.cash_x_print());
    await user.click(print);
    expect(await screen.findByText(staffWords(code, facts as never))).toBeTruthy();
    answer = () => ({});
    await user.click(print);
    await waitFor(() => expect(screen.queryByText(staffWords(code, facts as never))).toBeNull());
    await waitFor(() => expect(count("print_x_report")).toBe(2));
    expect(new Set(reached.map((one) => one.id)).size).toBe(2);
  });

  test("an answer that is lost is asked for, never the thing itself", async () => {
    await open(language);
    await user.click(await button(m.pos_drawer()));
    const print = await button(m.cash_x_print());
    isLost = true;
    await user.click(print);
    expect(await screen.findByText(words.doubt)).toBeTruthy();
    isLost = false;
    await user.click(print);
    await user.click(screen.getByRole("button", { name: words.askAgain }));
    await waitFor(() => expect(screen.queryByText(words.doubt)).toBeNull());
    expect(new Set(reached.map((one) => one.id)).size).toBe(1);
  });

  test("a manager approves in place: one sheet, one command, the one that was approved", async () => {
    await open(language);
    await user.click(await button(m.pos_drawer()));
    await user.click(await button(m.cash_no_sale()));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getAllByRole("button", { pressed: false })[0]!);
    await user.click(within(dialog).getByRole("button", { name: m.cash_no_sale() }));
    await screen.findByText(/PIN.*Mara|Mara.*PIN/);
    await user.keyboard("123456");
    await waitFor(() => expect(count("open_drawer_without_sale")).toBe(1));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(approvals.map((one) => one.command_id)).toEqual(reached.map((one) => one.id));
    expect(reached[0]?.approval).toBe("a1");
  });
});

test("a new table is opened once, though its order is sent by a finger and by the key in one moment", async () => {
  await open("es-AR");
  await atTable("2");
  await user.keyboard("3{Enter}");
  await user.click(await button("Empanada"));
  const send = await button("Enviar 1");
  send.click();
  send.click();
  app.keyboard.press(new KeyboardEvent("keydown", { key: "F4", code: "F4" }));
  await waitFor(() => expect(count("open_check")).toBeGreaterThan(0));
  await settled();
  expect(reached.map((one) => one.name)).toEqual(["open_check", "add_lines", "send_lines"]);
});

test("button, key, menu and palette are one list, and a key that is chosen is the key of all", async () => {
  await open("es-AR");
  const listed = new Map(tillKeys().map((one) => [one.id, one.key]));
  const isListed = () => {
    const offered = app.acts.offered.filter((one) => one.key && one.key !== "Enter");
    expect(offered.filter((one) => listed.get(one.id) !== one.key)).toEqual([]);
    return offered.length;
  };
  expect(isListed()).toBeGreaterThan(3);
  await atTable("1");
  expect(isListed()).toBeGreaterThan(8);
  await user.keyboard("{F8}");
  await screen.findByRole("group", { name: /cobr|pag/i });
  expect(isListed()).toBeGreaterThan(8);
  await user.keyboard("{Escape}");
  await button(m.attention_bill_print());

  app.keyboard.choose("pos.bill", "F6");
  await user.keyboard("{F7}");
  expect(app.unsettled).toEqual([]);
  await user.keyboard("{F6}");
  await waitFor(() => expect(count("print_guest_check")).toBe(1));
  screen.getByRole("button", { name: /^Más/ }).focus();
  await user.keyboard("{Enter}");
  const menu = (await screen.findAllByRole("menuitem", { hidden: true })).map((one) => one.textContent?.trim());
  const labels = app.acts.offered.map((one) => one.label);
  expect(menu.length).toBeGreaterThan(8);
  expect(menu.filter((one) => !labels.includes(one ?? ""))).toEqual([]);
});
