import type {
  AttentionView,
  CheckView,
  DraftView,
  LineView,
  Menu,
  MenuItem,
  OrderedLine,
  TableView,
  Views,
} from "$generated/vocabulary";

/** What the edge says of a record that nobody has changed. */
export const NEVER_CHANGED = { rev: "", changed_by_name: "", changed_at_ms: 0 };

/** A small venue for tests and the gallery: views as the edge would send them. */
export const SAMPLE_MENU: Menu = {
  categories: [
    { id: "starters", name: "Entradas", name_en: "Starters", drawing: "" },
    { id: "grill", name: "Parrilla", name_en: "Grill", drawing: "" },
    { id: "drinks", name: "Bebidas", name_en: "Drinks", drawing: "" },
  ],
  items: [
    item("empanada", "Empanada de carne", {
      price_minor: 280_000,
      category_id: "starters",
      is_favourite: true,
      code: "17",
    }),
    item("provoleta", "Provoleta", { price_minor: 980_000, category_id: "starters", allergens: ["milk"] }),
    item("bife", "Bife de chorizo", {
      price_minor: 2_450_000,
      group_ids: ["doneness", "side"],
      course: 2,
      is_favourite: true,
    }),
    item("mila", "Milanesa napolitana", {
      price_minor: 1_490_000,
      course: 2,
      tags: ["mila"],
      group_ids: ["side"],
      is_favourite: true,
    }),
    item("ravioles", "Ravioles de ricota", { price_minor: 1_380_000, course: 2, is_favourite: true }),
    item("agua", "Agua sin gas", { price_minor: 280_000, category_id: "drinks", course: 1, is_favourite: true }),
    item("vino", "Malbec de la casa", {
      category_id: "drinks",
      variants: [
        { id: "glass", name: "Copa", name_en: "Glass", price_minor: 450_000 },
        { id: "bottle", name: "Botella", name_en: "Bottle", price_minor: 1_800_000 },
      ],
      price_minor: 0,
      is_favourite: true,
    }),
    item("flan", "Flan con dulce de leche", { price_minor: 480_000, course: 3, is_favourite: true }),
  ],
  groups: [
    {
      id: "doneness",
      name: "Punto",
      name_en: "Doneness",
      min: 1,
      max: 1,
      free_count: 0,
      modifiers: [choice("rare", "Jugoso"), choice("medium", "A punto"), choice("well", "Cocido")],
    },
    {
      id: "side",
      name: "Guarnición",
      name_en: "Side",
      min: 0,
      max: 2,
      free_count: 1,
      modifiers: [
        choice("mash", "Puré", 120_000, true),
        choice("chips", "Papas", 150_000),
        choice("salad", "Ensalada", 130_000),
      ],
    },
  ],
};

function choice(id: string, name: string, price_minor = 0, is_default = false) {
  return { id, name, name_en: name, price_minor, is_default };
}

function item(id: string, name: string, by: Partial<MenuItem>): MenuItem {
  return {
    id,
    name,
    category_id: "grill",
    name_en: name,
    short_name: name.slice(0, 16),
    code: "",
    description: "",
    description_en: "",
    price_minor: 0,
    variants: [],
    group_ids: [],
    vat_bp: 2100,
    station_id: "grill",
    course: 1,
    allergens: [],
    tags: [],
    is_favourite: false,
    is_hidden_from_guests: false,
    ...by,
  };
}

export function sampleTable(label: string, by: Partial<TableView> = {}): TableView {
  return {
    table_id: `t${label}`,
    section_id: "salon",
    label,
    ...NEVER_CHANGED,
    shape: "square",
    seats: 4,
    x: 0,
    y: 0,
    width: 100,
    height: 100,
    code_path: "",
    visit_id: "",
    phones: 0,
    ...by,
  };
}

export function sampleOrdered(line_id: string, name: string, by: Partial<OrderedLine> = {}): OrderedLine {
  return {
    line_id,
    item_id: "",
    name,
    short_name: name,
    category_id: "grill",
    variant_id: "",
    variant_name: "",
    modifiers: [],
    quantity: 1,
    unit_minor: 0,
    gross_minor: 0,
    vat_bp: 2100,
    course: 1,
    station_id: "grill",
    note: "",
    allergies: [],
    seat: 0,
    draft_id: "",
    ...by,
  };
}

export function sampleLine(line_id: string, name: string, by: Partial<LineView> = {}): LineView {
  const { category_id: _category, vat_bp: _vat, ...line } = sampleOrdered(line_id, name);
  return {
    ...line,
    stage: "cooking",
    added_by: "ana",
    added_at_ms: 0,
    sent_at_ms: 0,
    fired_at_ms: 0,
    ready_at_ms: 0,
    void_reason: "",
    voided_quantity: 0,
    free_void_until_ms: 0,
    voided_at_ms: 0,
    voided_by_name: "",
    void_approved_by_name: "",
    reached: by.stage === undefined || by.stage === "cooking" || by.stage === "ready" ? "screen" : "",
    fails_at_ms: 0,
    adjustments: [],
    ...by,
  };
}

export function sampleCheck(label: string, by: Partial<CheckView> = {}): CheckView {
  return {
    check_id: `c${label}`,
    number: 400,
    kind: "table",
    table_id: `t${label}`,
    table_label: label,
    name: "",
    waiter_id: "ana",
    waiter_name: "Ana",
    visit_id: "",
    covers: 2,
    state: "open",
    opened_at_ms: 0,
    closed_at_ms: 0,
    stage: "cooking",
    stage_since_ms: 0,
    late_at_ms: 0,
    lines: [],
    courses: [],
    payments: [],
    lines_minor: 0,
    cover_charge_minor: 0,
    total_minor: 0,
    paid_minor: 0,
    balance_minor: 0,
    tips_minor: 0,
    unsent: 0,
    guest_check_at_ms: 0,
    guest_check_is_stale: false,
    adjustments_minor: 0,
    adjustments: [],
    ...by,
  };
}

export function sampleDraft(label: string, by: Partial<DraftView> = {}): DraftView {
  return {
    draft_id: `d${label}`,
    visit_id: `v${label}`,
    table_id: `t${label}`,
    table_label: label,
    phone_id: "p1",
    state: "submitted",
    lines: [],
    note: "",
    allergies: [],
    total_minor: 0,
    submitted_at_ms: 0,
    expires_at_ms: 0,
    claimed_by: "",
    claimed_by_name: "",
    claimed_at_ms: 0,
    settled_at_ms: 0,
    check_id: "",
    reason: "",
    reason_note: "",
    edits: [],
    sold_out: [],
    price_changed: [],
    ...by,
  };
}

export function sampleAttention(kind: string, label: string, by: Partial<AttentionView> = {}): AttentionView {
  return {
    key: `${kind}:${label}`,
    kind,
    table_id: `t${label}`,
    table_label: label,
    section_id: "salon",
    waiter_id: "ana",
    check_id: `c${label}`,
    since_ms: 0,
    appears_at_ms: 0,
    amber_at_ms: 0,
    red_at_ms: 0,
    title: "",
    details: [],
    amount_minor: 0,
    draft_id: "",
    call_id: "",
    course: 0,
    tender: "",
    allergies: [],
    claimed_by: "",
    claimed_by_name: "",
    is_flagged: false,
    everyone_at_ms: by.amber_at_ms ?? 0,
    till_at_ms: by.red_at_ms ?? 0,
    waiter_name: "Ana",
    waiter_away: "",
    fault_id: "",
    ticket_ids: [],
    station_ids: [],
    taken_by_name: "",
    taken_at_ms: 0,
    ...by,
  };
}

type Change = { [Kind in keyof Views]: [Kind, string, Views[Kind]] }[keyof Views];

/** A service under way: what a waiter's screen is drawn from. `at` is now. */
export function sampleService(at: number): Change[] {
  const min = 60_000;
  const tables = ["1", "2", "3", "4", "6", "7", "9", "12"].map((label, index) =>
    sampleTable(label, {
      x: 40 + (index % 4) * 200,
      y: 40 + Math.floor(index / 4) * 240,
      width: 140,
      height: 140,
      shape: index % 3 === 2 ? "round" : "square",
      phones: label === "6" ? 3 : 0,
    }),
  );
  const draftLines = [
    sampleOrdered("l1", "Empanada de carne", {
      item_id: "empanada",
      quantity: 2,
      unit_minor: 280_000,
      gross_minor: 560_000,
    }),
    sampleOrdered("l2", "Bife de chorizo", {
      item_id: "bife",
      course: 2,
      unit_minor: 2_450_000,
      gross_minor: 2_450_000,
      modifiers: [
        { group_id: "doneness", modifier_id: "rare", name: "Jugoso", price_minor: 0 },
        { group_id: "side", modifier_id: "mash", name: "Puré", price_minor: 0 },
      ],
    }),
  ];
  const drafts = [
    sampleDraft("12", { check_id: "c12", lines: draftLines, total_minor: 3_010_000, submitted_at_ms: at - 130_000 }),
    sampleDraft("6", {
      lines: [
        ...draftLines,
        sampleOrdered("l3", "Provoleta", { item_id: "provoleta", unit_minor: 980_000, gross_minor: 980_000 }),
      ],
      allergies: ["peanut"],
      total_minor: 3_990_000,
      submitted_at_ms: at - 40_000,
    }),
  ];
  const lines = [
    sampleLine("a", "Empanada de carne", {
      item_id: "empanada",
      quantity: 2,
      unit_minor: 280_000,
      gross_minor: 560_000,
      stage: "ready",
      ready_at_ms: at - 35 * min,
    }),
    sampleLine("b", "Bife de chorizo", {
      item_id: "bife",
      course: 2,
      unit_minor: 2_450_000,
      gross_minor: 2_450_000,
      fired_at_ms: at - 14 * min,
      modifiers: draftLines[1]?.modifiers ?? [],
    }),
    sampleLine("c", "Ravioles de ricota", {
      item_id: "ravioles",
      course: 2,
      unit_minor: 1_380_000,
      gross_minor: 1_380_000,
      fired_at_ms: at - 14 * min,
      allergies: ["nuts"],
      note: "Sin sal",
    }),
    sampleLine("d", "Flan con dulce de leche", {
      item_id: "flan",
      course: 3,
      quantity: 2,
      unit_minor: 480_000,
      gross_minor: 960_000,
      stage: "waiting",
    }),
    sampleLine("e", "Agua sin gas", { item_id: "agua", unit_minor: 280_000, gross_minor: 280_000, stage: "held" }),
    sampleLine("f", "Provoleta", {
      item_id: "provoleta",
      unit_minor: 980_000,
      stage: "void",
      voided_quantity: 1,
      void_reason: "Demora",
    }),
  ];
  const checks = [
    sampleCheck("4", {
      number: 409,
      lines,
      courses: [
        { course: 1, stage: "served", since_ms: at - 30 * min },
        { course: 2, stage: "cooking", since_ms: at - 14 * min },
        { course: 3, stage: "waiting", since_ms: at - 40 * min },
      ],
      opened_at_ms: at - 48 * min,
      stage_since_ms: at - 14 * min,
      cover_charge_minor: 300_000,
      lines_minor: 5_630_000,
      total_minor: 5_930_000,
      balance_minor: 5_930_000,
      unsent: 1,
    }),
    sampleCheck("12", {
      number: 412,
      covers: 3,
      stage: "seated",
      opened_at_ms: at - 8 * min,
      stage_since_ms: at - 8 * min,
    }),
    sampleCheck("9", {
      number: 405,
      covers: 4,
      stage: "bill",
      opened_at_ms: at - 80 * min,
      stage_since_ms: at - 50_000,
      total_minor: 8_430_000,
      balance_minor: 8_430_000,
    }),
    sampleCheck("2", {
      number: 410,
      opened_at_ms: at - 20 * min,
      stage_since_ms: at - 16 * min,
      late_at_ms: at - min,
      total_minor: 2_100_000,
      balance_minor: 2_100_000,
    }),
  ];
  const cards = [
    sampleAttention("ready", "4", {
      course: 2,
      since_ms: at - 200_000,
      amber_at_ms: at - 110_000,
      red_at_ms: at - 20_000,
      details: ["1 Bife de chorizo", "1 Ravioles de ricota"],
    }),
    sampleAttention("draft", "12", {
      draft_id: "d12",
      since_ms: at - 130_000,
      amber_at_ms: at - 70_000,
      red_at_ms: at + 50_000,
      details: ["2 Empanada de carne", "1 Bife de chorizo · jugoso, puré"],
      amount_minor: 3_010_000,
    }),
    sampleAttention("draft", "6", {
      draft_id: "d6",
      check_id: "",
      since_ms: at - 40_000,
      amber_at_ms: at + 20_000,
      red_at_ms: at + 140_000,
      details: ["2 Empanada de carne", "1 Bife de chorizo", "1 Provoleta"],
      amount_minor: 3_990_000,
      allergies: ["peanut"],
      is_flagged: true,
    }),
    sampleAttention("bill", "9", {
      since_ms: at - 50_000,
      amber_at_ms: at + 70_000,
      red_at_ms: at + 250_000,
      amount_minor: 8_430_000,
      tender: "card",
    }),
    sampleAttention("call", "2", {
      call_id: "k2",
      since_ms: at - 20_000,
      amber_at_ms: at + 40_000,
      red_at_ms: at + 160_000,
      details: ["water"],
    }),
    sampleAttention("nudge", "4", { title: "next_course", course: 3, since_ms: at - 9 * min }),
  ];
  return [
    [
      "venue",
      "venue",
      {
        venue_id: "v",
        name: "La Esquina",
        currency: "ARS",
        language: "es-AR",
        timezone: "America/Argentina/Buenos_Aires",
        business_day: "2026-03-05",
        cover_charge_minor: 150_000,
        wifi_name: "",
        drafts_paused_at_ms: 0,
        cutover_min: 360,
        cover_charge_vat_bp: 2100,
        draft_expiry_s: 1200,
        max_waiting_drafts: 5,
        ...NEVER_CHANGED,
      },
    ],
    ["menu", "menu", { version: 1, published_at_ms: at, menu: SAMPLE_MENU, ...NEVER_CHANGED }],
    [
      "section",
      "salon",
      {
        section_id: "salon",
        name: "Salón",
        position: 0,
        width: 900,
        height: 520,
        staff_id: "ana",
        ...NEVER_CHANGED,
      },
    ],
    ["sold_out", "provoleta", { item_id: "provoleta", name: "Provoleta", since_ms: at }],
    ...tables.map((one): Change => ["table", one.table_id, one]),
    ...checks.map((one): Change => ["check", one.check_id, one]),
    ...drafts.map((one): Change => ["draft", one.draft_id, one]),
    ...cards.map((one): Change => ["attention", one.key, one]),
  ];
}
