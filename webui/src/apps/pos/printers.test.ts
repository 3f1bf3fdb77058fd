// @vitest-environment jsdom
import { configure, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PrinterView, StationView } from "$generated/vocabulary";
import { type App, startApp } from "$lib/app.svelte";
import { startLanguage } from "$lib/i18n.svelte";
import type { Answer, Command } from "$lib/outbox";
import { type Recorded, recorded } from "$lib/recorded";
import { Wire } from "$lib/test-wire";
import PosScreen from "./App.svelte";
import { standIns } from "./test-till";

configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

let app: App;
let said: Recorded;
let unmount = () => {};
const user = userEvent.setup();
/** What reached the edge, in order, and what it says. */
let reached: Command[] = [];
let answer: (command: Command) => Partial<Answer>;

async function edge(_url: string, init: RequestInit): Promise<Response> {
  const { commands } = JSON.parse(String(init.body)) as { commands: Command[] };
  reached.push(...commands);
  const answers = commands.map((one) => ({ id: one.id, outcome: "done", seq: said.service.seq, ...answer(one) }));
  return Response.json({ answers }, { status: answers.some((one) => one.outcome === "done") ? 200 : 409 });
}

beforeEach(async () => {
  said = recorded("pos");
  vi.useFakeTimers({ toFake: ["Date"], now: said.beats.live.now_ms });
  startLanguage();
  globalThis.indexedDB = new IDBFactory(); // a device that was never used
  standIns();
  vi.stubGlobal("WebSocket", Wire);
  vi.stubGlobal("fetch", edge);
  Wire.answer = () => [said.service, said.beats.live];
  reached = [];
  answer = () => ({});
  await start();
  await app.session.pair({ id: "till", token: "t", role: "pos", name: "Caja 1" });
  const permissions = ["manage_printers", "charge"];
  await app.session.unlock({ staff_id: "mara", name: "Mara", role: "manager", permissions, session: "s" });
  await draw();
});
afterEach(async () => {
  unmount();
  await app.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function start(): Promise<void> {
  app = await startApp({ app: "pos" });
}

/** The printers of the till, as a manager comes to them. */
async function draw(): Promise<void> {
  unmount = render(PosScreen, { props: { app } }).unmount;
  await waitFor(() => expect(app.isReachable && app.views.isFresh).toBe(true));
  await user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox");
  await waitFor(() => expect(document.activeElement).toBe(box));
  await user.keyboard("impresoras{Enter}");
  await screen.findByRole("article", { name: "Cocina" });
}

async function press(name: string | RegExp): Promise<void> {
  await user.click(await screen.findByRole("button", { name }));
}

async function openPrinter(): Promise<HTMLElement> {
  await user.click(within(screen.getByRole("article", { name: "Cocina" })).getByRole("button", { name: "Cambiar" }));
  return screen.findByRole("dialog", { name: "Cambiar Cocina" });
}

const field = (name: string | RegExp) => screen.findByRole<HTMLInputElement>("textbox", { name });

async function type(name: string, text: string): Promise<void> {
  const box = await field(name);
  await user.clear(box);
  await user.type(box, text);
}

/** Somebody else saves: the feed says so. */
function shows<Kind extends "printer" | "station">(
  kind: Kind,
  key: string,
  by: Kind extends "printer" ? Partial<PrinterView> : Partial<StationView>,
): void {
  const view = { ...app.views.get(kind, key), ...by } as PrinterView;
  const seq = (app.views.seq ?? 0) + 1;
  Wire.open?.say({ type: "views", seq, of: said.service.of, changes: [[kind, key, view]] });
}

describe("a printer", () => {
  test("is saved by what changed alone, from the revision that was seen", async () => {
    await openPrinter();
    await type("Dirección de red", "10.0.0.77 ");
    await user.click(await screen.findByRole("switch", { name: "Corta el papel" }));
    await press("Guardar");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(reached.map(({ name, body }) => [name, body])).toEqual([
      ["change_printer", { printer_id: "cocina", host: "10.0.0.77", has_cutter: false, if_rev: "ask19" }],
    ]);
  });

  test("is new with everything that it needs, and says beside the field what is missing", async () => {
    await press("Agregar impresora");
    await press("Guardar");
    const name = await field("Nombre");
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(name).toHaveProperty("ariaInvalid", "true");
    expect(reached).toEqual([]);
    await type("Nombre", "Barra");
    await type("Dirección de red", "10.0.0.8");
    await press("Guardar");
    await waitFor(() => expect(reached.map(({ name }) => name)).toEqual(["configure_printer"]));
    expect(reached[0]?.body).toMatchObject({ printer_name: "Barra", host: "10.0.0.8", port: 9100, columns: 42 });
  });

  test("ties label, hint and what is wrong to the field", async () => {
    await openPrinter();
    const host = await field("Dirección de red");
    const words = () =>
      host
        .getAttribute("aria-describedby")
        ?.split(" ")
        .map((id) => document.getElementById(id)?.textContent);
    expect(words()).toEqual(["Por ejemplo 192.168.1.50. Sale en la hoja de autotest de la impresora."]);
    await user.clear(host);
    await waitFor(() => expect(words()?.[1]).toBe("Falta completar"));
    await type("Puerto", "70000");
    expect(await screen.findByText("El máximo es 65535")).toBeTruthy();
    await press("Guardar");
    expect(document.activeElement).toBe(host);
    expect(reached).toEqual([]);
  });

  test("shows at its field what only the edge knows to be wrong", async () => {
    answer = () => ({ outcome: "refused", code: "printer_invalid", facts: { problem: "host", path: "host" } });
    await openPrinter();
    await type("Dirección de red", "casa");
    await press("Guardar");
    const host = await field("Dirección de red");
    await waitFor(() => expect(host.getAttribute("aria-invalid")).toBe("true"));
    expect(screen.getAllByText(/^Eso no es una dirección de red/).length).toBeGreaterThan(0);
    expect(host.value).toBe("casa");
  });

  test("is undone, done again and saved by keys, in the middle of a field", async () => {
    await openPrinter();
    await type("Dirección de red", "10.0.0.77");
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(async () => expect((await field("Dirección de red")).value).toBe("10.0.0.9"));
    await user.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    await waitFor(async () => expect((await field("Dirección de red")).value).toBe("10.0.0.77"));
    await user.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(reached.map(({ body }) => body)).toHaveLength(1));
  });

  test("left in the middle is asked about, kept, marked in the list, and there after a reload", async () => {
    await openPrinter();
    await type("Dirección de red", "10.0.0.77");
    await press("Cerrar");
    await press("Dejarlo para después");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(within(screen.getByRole("article", { name: "Cocina" })).getByText("Sin guardar")).toBeTruthy();
    unmount();
    await app.stop();
    await start();
    await draw();
    expect(within(screen.getByRole("article", { name: "Cocina" })).getByText("Sin guardar")).toBeTruthy();
    await openPrinter();
    expect((await field("Dirección de red")).value).toBe("10.0.0.77");
    expect(await screen.findByText(/^Dejaste cambios sin guardar, \d\d:\d\d$/)).toBeTruthy();
    await press("Descartar");
    await waitFor(async () => expect((await field("Dirección de red")).value).toBe("10.0.0.9"));
    await press("Cerrar");
    await waitFor(() => expect(screen.queryByText("Sin guardar")).toBeNull());
  });

  test("that Marta changed meanwhile says so, field by field, and waits for a decision", async () => {
    await openPrinter();
    await type("Dirección de red", "10.0.0.77");
    shows("printer", "cocina", {
      host: "10.0.0.88",
      port: 9101,
      rev: "ask90",
      changed_by_name: "Marta",
      changed_at_ms: said.beats.live.now_ms,
    });
    expect(await screen.findByRole("heading", { name: /^Marta lo cambió a las \d\d:\d\d$/ })).toBeTruthy();
    expect((await field("Puerto")).value).toBe("9101");
    const clash = screen.getByRole("group", { name: "Dirección de red" });
    expect(within(clash).getByText("Lo tuyo: 10.0.0.77")).toBeTruthy();
    expect(within(clash).getByText("Marta: 10.0.0.88")).toBeTruthy();
    await press("Guardar");
    expect(reached).toEqual([]);
    expect(clash.contains(document.activeElement)).toBe(true);
    await press("Dejar lo tuyo");
    await press("Guardar");
    await waitFor(() =>
      expect(reached.map(({ body }) => body)).toEqual([{ printer_id: "cocina", host: "10.0.0.77", if_rev: "ask90" }]),
    );
  });
});

describe("a station", () => {
  test("prints elsewhere once it is saved, from the revision that was seen", async () => {
    await press("Cambiar: Barra");
    await user.selectOptions(await screen.findByRole("combobox", { name: "Impresora" }), "Cocina");
    expect(reached).toEqual([]);
    await press("Guardar");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(reached.map(({ name, body }) => [name, body])).toEqual([
      ["change_station", { station_id: "barra", printer_id: "cocina", if_rev: "ask5" }],
    ]);
  });

  test("that somebody else gave another printer is told by that printer's name", async () => {
    await press("Cambiar: Barra");
    await user.selectOptions(await screen.findByRole("combobox", { name: "Si falla, en" }), "Cocina");
    const changed_at_ms = said.beats.live.now_ms;
    shows("station", "barra", { printer_id: "cocina", rev: "ask91", changed_by_name: "Nico", changed_at_ms });
    expect(await screen.findByRole("heading", { name: /^Nico lo cambió/ })).toBeTruthy();
    expect(screen.getByText("Impresora:").textContent).toContain("Cocina");
    await press("Guardar");
    await waitFor(() =>
      expect(reached.map(({ body }) => body)).toEqual([
        { station_id: "barra", backup_printer_id: "cocina", if_rev: "ask91" },
      ]),
    );
  });
});
