"""Ordering: checks and their lines, from the first word at the table to the bill; and what needs a person now."""

from edge.engine.slice import Rule, Slice
from edge.ordering import adjustments, attention, decide, load, views, voids
from shared.commands.ordering import (
    AbandonCheck,
    AddLines,
    AddOpenItem,
    AdjustCheck,
    AdjustLine,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    RemoveAdjustment,
    SetCovers,
    VoidLine,
)
from shared.projections import adjustments as given
from shared.projections import checks
from shared.projections.projection import Projection

SLICE = Slice(
    name="ordering",
    rules=[
        Rule(OpenCheck, load.opening, decide.open_check),
        Rule(SetCovers, load.covering, decide.set_covers),
        Rule(AddLines, load.adding, decide.add_lines),
        Rule(AddOpenItem, load.adding_open_item, decide.add_open_item),
        Rule(ChangeLine, load.changing, decide.change_line),
        Rule(VoidLine, load.voiding, voids.void_line),
        Rule(AdjustCheck, load.adjusting, adjustments.adjust_check),
        Rule(AdjustLine, load.adjusting, adjustments.adjust_line),
        Rule(RemoveAdjustment, load.removing, adjustments.remove_adjustment),
        Rule(MoveCheck, load.moving, decide.move_check),
        Rule(AbandonCheck, load.leaving, voids.abandon_check),
        Rule(ConfirmDraft, load.confirming, decide.confirm_draft),
        Rule(PrintGuestCheck, load.bill, decide.print_guest_check),
    ],
    projections=[
        Projection("checks", checks.TABLES, checks.PROJECT),
        Projection("adjustments", given.TABLES, given.PROJECT),
    ],
    views=[views.CHECK, attention.ATTENTION],
    invariants=[load.wrong_totals, load.wrong_adjustments],
    fresh_tables=[checks.CHECKS, checks.CHECK_LINE],
)
