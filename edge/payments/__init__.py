"""Payments: tenders on a check, tips, and the receipt."""

from edge.engine.slice import Rule, Slice
from edge.payments import decide, load
from shared.commands.payments import PrintReceipt, TakePayment
from shared.projections import payments
from shared.projections.projection import Projection

SLICE = Slice(
    name="payments",
    rules=[
        Rule(TakePayment, load.account_to_pay, decide.take_payment),
        Rule(PrintReceipt, load.paid_account, decide.print_receipt),
    ],
    projections=[Projection("payments", payments.TABLES, payments.PROJECT)],
    invariants=[load.closed_checks_that_do_not_add_up],
)
