import type { MenuItem, StationView, TicketLineView, TicketView, Views } from "$generated/vocabulary";
import { NEVER_CHANGED, SAMPLE_MENU, sampleAttention } from "./service";

/** A kitchen at work for tests and the gallery: views as the edge would send them. */
export function sampleStation(station_id: string, name: string, by: Partial<StationView> = {}): StationView {
  return {
    station_id,
    name,
    position: 0,
    warn_after_s: 480,
    late_after_s: 720,
    printer_id: "",
    backup_printer_id: "",
    is_paper_only: false,
    ...NEVER_CHANGED,
    ...by,
  };
}

export function sampleTicketLine(line_id: string, name: string, by: Partial<TicketLineView> = {}): TicketLineView {
  return {
    line_id,
    quantity: 1,
    voided_quantity: 0,
    name,
    modifiers: [],
    note: "",
    allergies: [],
    state: "open",
    variant_name: "",
    ...by,
  };
}

export function sampleTicket(label: string, by: Partial<TicketView> = {}): TicketView {
  const fired_at_ms = by.fired_at_ms ?? 0;
  return {
    ticket_id: `k${label}`,
    number: 40,
    station_id: "grill",
    check_id: `c${label}`,
    check_number: 400,
    table_id: `t${label}`,
    table_label: label,
    course: 2,
    covers: 2,
    waiter_id: "ana",
    waiter_name: "Ana",
    state: "open",
    lines: [],
    also_at: [],
    fired_at_ms,
    bumped_at_ms: 0,
    changed_at_ms: 0,
    warn_at_ms: fired_at_ms + 480_000,
    late_at_ms: fired_at_ms + 720_000,
    is_printed: true,
    reached: "screen",
    fails_at_ms: 0,
    ...by,
  };
}

type Change = { [Kind in keyof Views]: [Kind, string, Views[Kind]] }[keyof Views];
const MIN = 60_000;

/** A Friday at nine. `at` is now. */
export function sampleKitchen(at: number): Change[] {
  const stations = [
    sampleStation("grill", "Parrilla"),
    sampleStation("cold", "Fríos", { position: 1 }),
    sampleStation("pasta", "Pastas", { position: 2 }),
    sampleStation("bar", "Barra", { position: 3, is_paper_only: true }),
  ];
  const soldOut = { item_id: "i3", name: "Mollejas", since_ms: at - 25 * MIN };
  return [
    ...stations.map((view): Change => ["station", view.station_id, view]),
    ...sampleTickets(at).map((view): Change => ["ticket", view.ticket_id, view]),
    ["waiting_course", "c12:3", { check_id: "c12", course: 3, quantities: [["cold", 2]] }],
    ["waiting_course", "c21:2", { check_id: "c21", course: 2, quantities: [["grill", 4]] }],
    [
      "menu",
      "menu",
      { version: 1, published_at_ms: 0, menu: { ...SAMPLE_MENU, items: sampleItems() }, ...NEVER_CHANGED },
    ],
    ["sold_out", "i3", soldOut],
    ["attention", "ready:8", sampleAttention("ready", "8", { check_id: "c8", course: 1, since_ms: at - 40_000 })],
  ];
}

function sampleTickets(at: number): TicketView[] {
  const line = sampleTicketLine;
  return [
    sampleTicket("12", {
      fired_at_ms: at - 16.3 * MIN,
      covers: 3,
      number: 41,
      lines: [
        line("a", "Bife chorizo", { modifiers: ["Jugoso", "Puré"], allergies: ["peanut"] }),
        line("b", "Morcilla", { quantity: 2, state: "bumped" }),
      ],
      also_at: ["Fríos"],
    }),
    sampleTicket("12", {
      ticket_id: "k12f",
      station_id: "cold",
      number: 42,
      fired_at_ms: at - 16.3 * MIN,
      lines: [line("af", "Ensalada mixta")],
      also_at: ["Parrilla"],
    }),
    sampleTicket("4", {
      fired_at_ms: at - 9.1 * MIN,
      waiter_name: "Leo",
      course: 1,
      number: 44,
      lines: [
        line("c", "Choripán", { quantity: 3, modifiers: ["Sin chimichurri"] }),
        line("d", "Morcilla", { state: "bumped" }),
      ],
    }),
    sampleTicket("7", {
      fired_at_ms: at - 6 * MIN,
      changed_at_ms: at - 70_000,
      number: 46,
      lines: [
        line("e", "Vacío", { quantity: 0, voided_quantity: 1, state: "void", modifiers: ["Cocido"] }),
        line("f", "Entraña", { modifiers: ["A punto"], note: "Para compartir" }),
      ],
    }),
    sampleTicket("9", {
      fired_at_ms: at - 12 * MIN,
      state: "bumped",
      bumped_at_ms: at - 8000,
      number: 43,
      lines: [line("g", "Matambre", { state: "bumped" })],
    }),
    sampleTicket("8", {
      fired_at_ms: at - 11 * MIN,
      course: 1,
      state: "bumped",
      bumped_at_ms: at - 40_000,
      number: 45,
      lines: [line("h", "Provoleta", { state: "bumped", quantity: 2 })],
    }),
    sampleTicket("15", {
      fired_at_ms: at - 4 * MIN,
      covers: 10,
      number: 47,
      lines: [
        line("i", "Asado de tira", { quantity: 2, modifiers: ["Jugoso"] }),
        line("j", "Asado de tira", { quantity: 1, modifiers: ["Cocido", "Papas"], note: "Bien cocido, por favor" }),
        line("k", "Bife chorizo", { quantity: 3, modifiers: ["A punto", "Ensalada"] }),
        line("l", "Pollo deshuesado", { quantity: 1, modifiers: ["Sin sal"] }),
        line("m", "Provoleta", { quantity: 2 }),
        line("n", "Chinchulines", { quantity: 2 }),
      ],
    }),
    sampleTicket("3", {
      fired_at_ms: at - 2.2 * MIN,
      waiter_name: "Leo",
      number: 48,
      lines: [
        line("o", "Vacío", { quantity: 2, modifiers: ["A punto"] }),
        line("p", "Entraña", { modifiers: ["Jugoso", "Papas"] }),
      ],
    }),
    sampleTicket("21", {
      fired_at_ms: at - 50_000,
      number: 49,
      course: 1,
      changed_at_ms: at - 20_000,
      lines: [line("q", "Mollejas", { quantity: 0, voided_quantity: 2, state: "void" })],
    }),
    sampleTicket("", {
      ticket_id: "kc",
      table_id: "",
      check_number: 418,
      waiter_name: "Marta",
      covers: 0,
      course: 1,
      number: 50,
      fired_at_ms: at - 30_000,
      lines: [line("r", "Choripán", { quantity: 2 })],
    }),
    sampleTicket("18", {
      fired_at_ms: at - 20_000,
      number: 51,
      lines: [line("s", "Bife chorizo", { quantity: 2, modifiers: ["Jugoso"] })],
    }),
    sampleTicket("2", { fired_at_ms: at - 10_000, number: 52, lines: [line("t", "Entraña")] }),
  ];
}

const DISHES = [
  "Asado de tira",
  "Bife chorizo",
  "Chinchulines",
  "Mollejas",
  "Choripán",
  "Entraña",
  "Matambre",
  "Morcilla",
  "Pollo deshuesado",
  "Provoleta",
  "Vacío",
  "Riñones",
  "Salchicha parrill.",
  "Lomo",
  "Ojo de bife",
  "Costillas cerdo",
  "Bondiola",
  "Pechito cerdo",
];

function sampleItems(): MenuItem[] {
  const [like] = SAMPLE_MENU.items;
  return DISHES.map((name, index) => ({ ...like!, id: `i${index}`, name, short_name: name, station_id: "grill" }));
}
