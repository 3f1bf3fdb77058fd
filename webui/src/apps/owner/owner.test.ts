// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DayTotals, SessionView, ZReport } from "$generated/vocabulary";
import { startLanguage } from "$lib/i18n.svelte";
import { sampleTotals } from "$lib/samples/till";
import App from "./App.svelte";
import { Owner } from "./owner.svelte";
import { sampleAge, sampleFigures, sampleToday, sampleVenue } from "./sample";

const SESSION: SessionView = {
  name: "Inés",
  role: "owner",
  tenant_id: "t",
  tenant_name: "Parrillas del Sur",
  expires_at_ms: 0,
  csrf: "secret",
};
const FIGURES = sampleToday({
  total: sampleFigures({ sales_minor: 1_284_300_00, checks: 31, covers: 97 }),
  venues: [sampleVenue({ figures: sampleFigures({ sales_minor: 1_284_300_00, checks: 31 }) })],
});

type Answer = { status: number; body: unknown } | "lost";
const asked: { path: string; init: RequestInit }[] = [];
let hub: (path: string, init: RequestInit) => Answer;
let unmount = () => {};
const user = userEvent.setup();

/** The hub's stream, silent: these tests say themselves what it would. */
class QuietStream {
  readyState = 1;
  addEventListener() {}
  close() {}
}

function open(): Owner {
  const owner = new Owner();
  unmount = render(App, { props: { owner } }).unmount;
  return owner;
}

beforeEach(() => {
  startLanguage();
  localStorage.clear();
  asked.length = 0;
  vi.stubGlobal("EventSource", QuietStream);
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push({ path, init });
    const answer = hub(path, init);
    if (answer === "lost") throw new TypeError("no way there");
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), { status: answer.status });
  });
  hub = (path, { method }) => {
    if (method === "DELETE") return { status: 204, body: null };
    return { status: 200, body: path === "/api/session" ? SESSION : FIGURES };
  };
});

afterEach(() => {
  unmount();
  vi.unstubAllGlobals();
});

async function signIn() {
  const owner = open();
  await user.type(await screen.findByLabelText("Correo"), "ines@sur.ar");
  await user.type(screen.getByLabelText("Contraseña"), "una clave larga");
  await user.click(screen.getByRole("button", { name: "Entrar" }));
  return owner;
}

describe("signing in", () => {
  test("asks the hub nothing before somebody typed", async () => {
    open();
    await screen.findByLabelText("Correo");
    expect(asked).toEqual([]);
  });

  test("shows the day's figures", async () => {
    await signIn();
    await screen.findByText("$ 1.284.300");
    screen.getByText("Parrillas del Sur");
  });

  test("says in words what was wrong", async () => {
    hub = () => ({ status: 401, body: { code: "sign_in_wrong", facts: {} } });
    await signIn();
    await screen.findByText(/no coinciden/);
  });
});

test("figures stay with their hour when the hub cannot be reached, also after a reload", async () => {
  await signIn();
  await screen.findByText("$ 1.284.300");
  unmount();
  hub = () => "lost";
  open();
  await screen.findByText(/Sin conexión con la nube · cifras de las/);
  screen.getByText("$ 1.284.300");
});

test("a session that ended asks to sign in again and forgets the figures", async () => {
  const owner = await signIn();
  await screen.findByText("$ 1.284.300");
  hub = () => ({ status: 401, body: { code: "needs_sign_in", facts: {} } });
  await owner.read();
  await screen.findByLabelText("Correo");
  expect(screen.getByRole("alert").textContent).toBe("Tu sesión terminó. Entrá de nuevo.");
  expect(Object.keys(localStorage).filter((key) => key.startsWith("hos-owner"))).toEqual([]);
});

test("signing out carries the token that only this page has", async () => {
  await signIn();
  await user.click(await screen.findByRole("button", { name: "Cuenta de Inés" }));
  await user.click(screen.getByRole("button", { name: "Salir" }));
  await screen.findByLabelText("Correo");
  expect(asked.at(-1)).toMatchObject({
    path: "/api/session",
    init: { method: "DELETE", headers: { "x-csrf-token": "secret" } },
  });
});

test("a venue that is silent is named beside the figures with its age", async () => {
  const silent = sampleAge({ is_silent: true, last_seen_ms: Date.now() - 12 * 60_000 });
  const today = { ...FIGURES, now_ms: Date.now(), venues: [{ ...FIGURES.venues[0]!, age: silent }] };
  hub = (path) => ({ status: 200, body: path === "/api/session" ? SESSION : today });
  await signIn();
  await screen.findByText(/Palermo: hace 12 min/);
});

test("a day without sales says so, and what is still open", async () => {
  const today = sampleToday({ venues: [sampleVenue({ open_checks: 1, open_minor: 98_400_00 })] });
  hub = (path) => ({ status: 200, body: path === "/api/session" ? SESSION : today });
  await signIn();
  await screen.findByText("Todavía no hay ventas hoy");
  screen.getByText("Hay 1 mesa abierta por $ 98.400.");
});

test("a void says when and why; who it was stays at the venue, and that is said", async () => {
  const gone = { kind: "void", venue_id: "palermo", venue_name: "Palermo", name: "Bife", amount_minor: 24_500_00 };
  const attention = [{ ...gone, reason: "error de carga", by: "st-ana", at_ms: Date.UTC(2026, 2, 6, 0, 43) }];
  hub = (path) => ({ status: 200, body: path === "/api/session" ? SESSION : { ...FIGURES, attention } });
  await signIn();
  await screen.findByText("21:43 · Palermo · error de carga");
  screen.getByText(/los nombres no salen de ahí/);
  expect(screen.queryByText(/st-ana/)).toBeNull();
});

test("each closing of the day is named with its hours, and one that counts two days says so", async () => {
  const noon = Date.UTC(2026, 2, 5, 15);
  const totals = (opened_at_ms: number, sales_minor: number, business_days = ["2026-03-05"]) =>
    sampleTotals({ opened_at_ms, sales_minor, business_days });
  const z = (z_number: number, figures: DayTotals, closed_at_ms: number): ZReport => ({
    venue_id: "palermo",
    business_day: "2026-03-05",
    z_number,
    totals: figures,
    closed_by: "marta",
    closed_at_ms,
  });
  const lunch = z(12, totals(noon, 400_000_00), noon + 5 * 3_600_000);
  const dinner = z(13, totals(noon + 8 * 3_600_000, 884_300_00, ["2026-03-05", "2026-03-06"]), noon + 10 * 3_600_000);
  hub = (path) =>
    path === "/api/session"
      ? { status: 200, body: SESSION }
      : { status: 200, body: { ...FIGURES, closings: [lunch, dinner] } };
  await signIn();
  const list = await screen.findByRole("region", { name: "Cierres" });
  const rows = [...list.querySelectorAll("li")].map((one) => one.textContent?.replace(/\s+/g, " "));
  expect(rows).toEqual([
    expect.stringMatching(/Turno 12 ?12:00 a 17:00.*400\.000/),
    expect.stringMatching(/Turno 13 ?20:00 a 22:00 · cuenta 2 jornadas.*884\.300/),
  ]);
});

test("the charge per person is no dish: it stands last", async () => {
  const item = (item_id: string, name: string, gross_minor: number) => ({
    ...{ item_id, name, gross_minor, category_id: "", lines: 1, quantity: 1, vat_minor: 0 },
  });
  const items = [item("cover_charge", "", 900_00), item("bife", "Bife", 500_00)];
  hub = (path) => ({ status: 200, body: path === "/api/session" ? SESSION : { ...FIGURES, items } });
  await signIn();
  await screen.findByRole("rowheader", { name: "Bife" });
  const names = screen.getAllByRole("rowheader").map((cell) => cell.textContent);
  expect(names.slice(-2)).toEqual(["Bife", "Cubierto, aparte de los platos"]);
});
