import type { DayTotals, DrawerView, PrinterView, StaffView, Views } from "$generated/vocabulary";
import { NEVER_CHANGED, sampleService } from "./service";

type Change = { [Kind in keyof Views]: [Kind, string, Views[Kind]] }[keyof Views];

export function sampleDrawer(by: Partial<DrawerView> = {}): DrawerView {
  return {
    session_id: "s1",
    drawer_id: "caja",
    drawer_name: "Caja 1",
    purse_of: "",
    purse_of_name: "",
    state: "open",
    float_minor: 4_000_000,
    opened_by: "nico",
    opened_by_name: "Nico",
    opened_at_ms: 0,
    movements: [],
    no_sales: 0,
    expected_minor: null,
    counted_minor: null,
    over_short_minor: null,
    counted_at_ms: 0,
    business_day: "2026-03-04",
    ...by,
  };
}

export function samplePrinter(by: Partial<PrinterView> = {}): PrinterView {
  return {
    ...NEVER_CHANGED,
    printer_id: "barra",
    name: "Barra y caja",
    host: "192.168.1.50",
    port: 9100,
    columns: 42,
    code_page: "PC858",
    fence: "gs_r",
    is_receipt: true,
    has_cutter: true,
    has_drawer: true,
    language: "",
    drawer_id: "",
    fault: "",
    fault_since_ms: 0,
    waiting_jobs: 0,
    ...by,
  };
}

export function sampleTotals(by: Partial<DayTotals> = {}): DayTotals {
  return {
    business_day: "2026-03-04",
    checks: 41,
    covers: 97,
    sales_minor: 128_430_000,
    vat_minor: 22_289_000,
    tips_minor: 9_610_000,
    voids: 4,
    voids_minor: 3_120_000,
    tenders: [{ tender: "cash", count: 20, amount_minor: 60_000_000, tips_minor: 2_000_000 }],
    vat: [{ vat_bp: 2100, gross_minor: 128_430_000, vat_minor: 22_289_000 }],
    over_short_minor: -420_000,
    open_checks: 3,
    open_minor: 8_400_000,
    period: 12,
    opened_at_ms: 0,
    business_days: ["2026-03-04"],
    adjustments: [],
    ...by,
  };
}

function person(staff_id: string, name: string, role: string, permissions: string[]): StaffView {
  return { staff_id, name, role, permissions, locked_until_ms: 0, signed_in_on: [], ...NEVER_CHANGED };
}

/** What a till is told besides the service: its drawer, printers, people and screens. */
export function sampleTill(at: number): Change[] {
  return [
    ...sampleService(at),
    ["drawer", "s1", sampleDrawer({ opened_at_ms: at - 3_600_000 })],
    ["printer", "barra", samplePrinter()],
    ["staff", "marta", person("marta", "Marta", "manager", ["approve"])],
    ["staff", "nico", person("nico", "Nico", "cashier", [])],
    [
      "device",
      "d",
      {
        device_id: "d",
        name: "Caja",
        role: "pos",
        station_id: "",
        drawer_id: "caja",
        paired_at_ms: at - 86_400_000,
        revoked_at_ms: 0,
      },
    ],
  ] as Change[];
}
