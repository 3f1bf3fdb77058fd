"""Cash: drawers from their float to their count, and the Zs of periods."""

from edge.cash import decide, load, views
from edge.engine.slice import Rule, Slice
from shared.commands.cash import (
    BeginDay,
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
    SettlePurse,
)
from shared.projections import days
from shared.projections.projection import Projection

SLICE = Slice(
    name="cash",
    rules=[
        Rule(OpenDrawer, load.drawer, decide.open_drawer),
        Rule(MoveCash, load.session, decide.move_cash),
        Rule(OpenDrawerWithoutSale, load.session, decide.open_drawer_without_sale),
        Rule(CountDrawer, load.session, decide.count_drawer),
        Rule(SettlePurse, load.settling, decide.settle_purse),
        Rule(PrintXReport, load.open_period, decide.print_x_report),
        Rule(CloseDay, load.open_period, decide.close_day),
        Rule(BeginDay, load.left_over, decide.begin_day, devices=frozenset({"edge"})),
    ],
    projections=[Projection("days", days.TABLES, days.PROJECT)],
    views=[views.DRAWERS, views.Z_REPORTS],
    invariants=[load.drawers_that_do_not_add_up],
)
