import { changePrinter, changeStation } from "$generated/limits";
import type { ConfigurePrinter, PrinterView, StationView } from "$generated/vocabulary";
import { ask } from "$lib/asks";
import type { EditingSpec } from "$lib/editing/editing.svelte";
import { newId } from "$lib/ids";

/** What of a printer is edited. */
export type PrinterDoc = Required<Omit<ConfigurePrinter, "if_rev">>;
/** What of a station is edited here: where its paper comes out. */
export type RouteDoc = Pick<StationView, "printer_id" | "backup_printer_id">;

type Record<Doc> = Pick<EditingSpec<Doc & object>, "onsaved">;

/** A printer that is there, by its id; a new one without. */
export function editPrinter(
  printerId: string | undefined,
  find: (printerId: string) => PrinterView | undefined,
  { onsaved }: Record<PrinterDoc>,
): EditingSpec<PrinterDoc> {
  return {
    key: `printer:${printerId ?? "new"}`,
    record: () => saved(printerId === undefined ? undefined : find(printerId)),
    fresh: freshPrinter,
    limits: changePrinter,
    permission: "manage_printers",
    save: ({ changes, doc, if_rev }) =>
      printerId === undefined
        ? ask("configure_printer", trimmed(doc))
        : ask("change_printer", { ...trimmed(changes), printer_id: printerId, if_rev }),
    onsaved,
  };
}

/** Where the paper of a station comes out. */
export function editRoute(
  stationId: string,
  find: (stationId: string) => StationView | undefined,
  { onsaved }: Record<RouteDoc>,
): EditingSpec<RouteDoc> {
  return {
    key: `station:${stationId}`,
    record: () => {
      const station = find(stationId);
      if (!station) return undefined;
      const { printer_id, backup_printer_id } = station;
      return { doc: { printer_id, backup_printer_id }, ...lastChange(station) };
    },
    limits: changeStation,
    permission: "manage_printers",
    save: ({ changes, if_rev }) => ask("change_station", { ...changes, station_id: stationId, if_rev }),
    onsaved,
  };
}

function saved(printer: PrinterView | undefined) {
  if (!printer) return undefined;
  const doc: PrinterDoc = {
    printer_id: printer.printer_id,
    printer_name: printer.name,
    host: printer.host,
    port: printer.port,
    columns: printer.columns,
    code_page: printer.code_page,
    fence: printer.fence,
    is_receipt: printer.is_receipt,
    has_cutter: printer.has_cutter,
    has_drawer: printer.has_drawer,
    language: printer.language,
    drawer_id: printer.drawer_id,
  };
  return { doc, ...lastChange(printer) };
}

function lastChange(view: Pick<PrinterView, "rev" | "changed_by_name" | "changed_at_ms">) {
  return { rev: view.rev, who: view.changed_by_name, at_ms: view.changed_at_ms };
}

function freshPrinter(): PrinterDoc {
  return {
    printer_id: newId(),
    printer_name: "",
    host: "",
    port: 9100,
    columns: 42,
    code_page: "PC858",
    fence: "gs_r",
    is_receipt: false,
    has_cutter: true,
    has_drawer: false,
    language: "",
    drawer_id: "",
  };
}

/** As it is meant: a name and an address without the blanks around them. */
function trimmed<Doc extends Partial<PrinterDoc>>(doc: Doc): Doc {
  const texts = (["printer_name", "host"] as const).filter((name) => doc[name] !== undefined);
  return { ...doc, ...Object.fromEntries(texts.map((name) => [name, doc[name]?.trim()])) };
}
