"""Printers and how they are, as tables."""

from collections.abc import Iterator

from shared.entry import Entry
from shared.ops import Op
from shared.ops.printing import PrinterConfigured, PrinterFaulted, PrinterRecovered
from shared.writes import Put, Table, Write

PRINTER = Table(
    name="printer",
    key=("printer_id",),
    columns={
        "printer_id": "text",
        "name": "text",
        "host": "text",
        "port": "int",
        "columns": "int",
        "code_page": "text",
        "fence": "text",
        "is_receipt": "int",
        "has_cutter": "int",
        "has_drawer": "int",
        "language": "text",
    },
)
#: Apart from the printer: setting one up again does not mend it.
PRINTER_STATE = Table(
    name="printer_state",
    key=("printer_id",),
    columns={"printer_id": "text", "fault": "text", "since_ms": "int", "waiting_jobs": "int"},
)
TABLES = (PRINTER, PRINTER_STATE)
KINDS = frozenset({"printer_configured", "printer_faulted", "printer_recovered"})


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case PrinterConfigured():
            flags = {name: int(getattr(op, name)) for name in ("is_receipt", "has_cutter", "has_drawer")}
            yield Put("printer", {**{name: getattr(op, name) for name in PRINTER.columns}, **flags})
        case PrinterFaulted():
            yield Put("printer_state", {name: getattr(op, name) for name in PRINTER_STATE.columns})
        case PrinterRecovered():
            yield Put("printer_state", {"printer_id": op.printer_id, "fault": "", "since_ms": 0, "waiting_jobs": 0})
