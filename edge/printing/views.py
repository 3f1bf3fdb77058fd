"""Printers, as screens see them."""

from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import Key, View
from shared.views.money import PrinterView

_PRINTERS = """
SELECT p.printer_id, p.name, p.host, p.port, p.columns, p.is_receipt, p.has_drawer,
  COALESCE(s.fault, ''), COALESCE(s.since_ms, 0), COALESCE(s.waiting_jobs, 0)
FROM printer p LEFT JOIN printer_state s ON s.printer_id = p.printer_id WHERE p.printer_id IN ({marks})
"""


def printers(conn: Connection, printer_ids: list[str]) -> Mapping[str, PrinterView]:
    """Printers by id."""
    marks = ",".join("?" * len(printer_ids))
    return {
        id: PrinterView(
            printer_id=id,
            name=name,
            host=host,
            port=port,
            columns=columns,
            is_receipt=bool(is_receipt),
            has_drawer=bool(has_drawer),
            fault=fault,
            fault_since_ms=since_ms,
            waiting_jobs=waiting,
        )
        for id, name, host, port, columns, is_receipt, has_drawer, fault, since_ms, waiting in conn.execute(
            _PRINTERS.format(marks=marks), printer_ids
        )
    }


def _printer_id(key: Key) -> str:
    return str(key["printer_id"])


def _all_printers(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT printer_id FROM printer ORDER BY printer_id")]


PRINTER = View(
    kind="printer",
    roles=frozenset({"waiter", "pos", "kds", "console"}),
    touches={"printer": _printer_id, "printer_state": _printer_id},
    load=printers,
    current=_all_printers,
)
