"""Printers and how they are, as tables."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.printing import PrinterConfigured, PrinterFaulted, PrinterRecovered
from shared.projections.projection import ProjectOp
from shared.projections.revisions import REVISION, revision
from shared.projections.rows import row_of
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
        "drawer_id": "text",
        **REVISION,
    },
)
#: Apart from the printer: setting one up again does not mend it.
PRINTER_STATE = Table(
    name="printer_state",
    key=("printer_id",),
    columns={"printer_id": "text", "fault": "text", "since_ms": "int", "waiting_jobs": "int"},
)
TABLES = (PRINTER, PRINTER_STATE)


def _configured(entry: Entry, op: PrinterConfigured) -> Iterator[Write]:
    yield Put("printer", row_of(PRINTER, op, **revision(entry)))


def _faulted(entry: Entry, op: PrinterFaulted) -> Iterator[Write]:
    yield Put("printer_state", row_of(PRINTER_STATE, op))


def _recovered(entry: Entry, op: PrinterRecovered) -> Iterator[Write]:
    yield Put("printer_state", row_of(PRINTER_STATE, op, fault="", since_ms=0, waiting_jobs=0))


PROJECT: Mapping[type[Op], ProjectOp] = {
    PrinterConfigured: _configured,
    PrinterFaulted: _faulted,
    PrinterRecovered: _recovered,
}
