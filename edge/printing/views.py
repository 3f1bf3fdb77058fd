"""Printers, as screens see them."""

from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import Key, View
from edge.staff.reads import REVISION, WHO
from shared.views.money import PrinterView

_PRINTERS = f"""
SELECT t.printer_id, t.name, t.host, t.port, t.columns, t.code_page, t.fence, t.is_receipt, t.has_cutter, t.has_drawer,
  t.language, t.drawer_id, COALESCE(s.fault, ''), COALESCE(s.since_ms, 0), COALESCE(s.waiting_jobs, 0), {REVISION}
FROM printer t LEFT JOIN printer_state s ON s.printer_id = t.printer_id {WHO} WHERE t.printer_id IN ({{marks}})
"""


def printers(conn: Connection, printer_ids: list[str]) -> Mapping[str, PrinterView]:
    """Printers by id."""
    marks = ",".join("?" * len(printer_ids))
    rows = conn.execute(_PRINTERS.format(marks=marks), printer_ids)
    return {row[0]: _printer(row) for row in rows}


def _printer(row: tuple[object, ...]) -> PrinterView:
    fields = dict(zip(PrinterView.__struct_fields__, row, strict=True))
    flags = {name: bool(fields[name]) for name in ("is_receipt", "has_cutter", "has_drawer")}
    return PrinterView(**fields | flags)  # type: ignore[arg-type]  # columns are as the view declares


def _printer_id(key: Key) -> str:
    return str(key["printer_id"])


def _all_printers(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT printer_id FROM printer ORDER BY printer_id")]


PRINTER = View(
    kind="printer",
    roles=frozenset({"waiter", "pos", "kds", "manage", "console"}),
    touches={"printer": _printer_id, "printer_state": _printer_id},
    load=printers,
    current=_all_printers,
)
