"""Payments: tenders on a check, tips, and the receipt."""

from edge.engine.slice import Projection, Rule, Slice
from edge.payments import decide, load
from shared.commands.payments import PrintReceipt, TakePayment
from shared.projections import payments

SLICE = Slice(
    name="payments",
    rules=[
        Rule(TakePayment, load.account_to_pay, decide.take_payment),
        Rule(PrintReceipt, load.paid_account, decide.print_receipt),
    ],
    projections=[
        Projection(
            "payments",
            payments.TABLES,
            payments.project,
            kinds=frozenset({"payment_taken", "tip_given"}),
        )
    ],
    invariants=[load.closed_checks_that_do_not_add_up],
)
