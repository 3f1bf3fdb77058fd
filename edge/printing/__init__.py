"""Printing: what the log says becomes paper, once, in order, and loudly when it does not come out."""

from edge.engine.slice import OFFICE, Rule, Slice
from edge.printing import decide, load, project, views
from edge.printing.jobs import PRINT
from shared.commands.printing import (
    ChangePrinter,
    ConfigurePrinter,
    PrintTest,
    ReportPaperFailed,
    ReportPrinted,
    ReportPrinterFault,
    ReportPrinterReady,
    ReprintTicket,
)
from shared.projections.projection import Projection

_EDGE = frozenset({"edge"})


SLICE = Slice(
    name="printing",
    rules=[
        Rule(ConfigurePrinter, load.set_up, decide.configure_printer, devices=OFFICE),
        Rule(ChangePrinter, load.set_up, decide.change_printer, devices=OFFICE),
        Rule(ReprintTicket, load.reprint, decide.reprint_ticket),
        Rule(PrintTest, load.bench, decide.print_test, devices=OFFICE),
        Rule(ReportPrinterFault, load.bench, decide.report_fault, devices=_EDGE),
        Rule(ReportPrinterReady, load.bench, decide.report_ready, devices=_EDGE),
        Rule(ReportPrinted, load.bench, decide.report_printed, devices=_EDGE),
        Rule(ReportPaperFailed, load.bench, decide.report_paper_failed, devices=_EDGE),
    ],
    projections=[Projection("printing", project.TABLES, project.PROJECT)],
    views=[views.PRINTER],
    errands=[PRINT],
    invariants=[load.stray_jobs, load.drawers_kicked_again],
)
