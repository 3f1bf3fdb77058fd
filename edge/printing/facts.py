"""What papers are filled with: ops as plain words and numbers, the names that templates use. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from edge.printing.names import marked
from shared.adjustments import Adjustment
from shared.lines import OrderedLine
from shared.money import share_bp
from shared.ops.cash import DayTotals
from shared.ops.ordering import GuestCheckPrinted
from shared.ops.payments import PaidPart, ReceiptPrinted
from shared.views.shown import ShownTotals, shown

SUGGESTED_TIP_BP = 1000

Facts = dict[str, Any]
Marks = Mapping[str, str]  # what stands behind a name that would look like another, by the name
NO_MARKS: Marks = {}


def place(label: str, *, is_table: bool) -> Facts:
    """Where it goes: a table's label, a tab's name, or neither at the counter."""
    return {"table": label if is_table else "", "name": "" if is_table else label}


def party(covers: int) -> Facts:
    """How many eat."""
    return {"covers": covers, "is_alone": covers == 1}


def dishes(lines: Iterable[tuple[int, str, tuple[str, ...], str, tuple[str, ...]]], marks: Marks = NO_MARKS) -> Facts:
    """Lines as a ticket says them: quantity, name, modifiers as words, note, allergies."""
    shown = [dish(*line, marks) for line in lines]
    allergies = dict.fromkeys(code for line in shown if line["allergies"] for code in line["allergies"].split(", "))
    count = sum(line["quantity"] for line in shown)
    return {"lines": shown, "dishes": count, "is_single": count == 1, "allergies": ", ".join(allergies)}


def dish(
    quantity: int,
    name: str,
    modifiers: tuple[str, ...],
    note: str,
    allergies: tuple[str, ...],
    marks: Marks = NO_MARKS,
) -> Facts:
    """One line as a cook must know it."""
    return {
        "quantity": quantity,
        "name": marked(name, marks.get(name, "")),
        "modifiers": [_modifier(marked(modifier, marks.get(modifier, ""))) for modifier in modifiers],
        "note": note,
        "allergies": ", ".join(allergies),
    }


def _modifier(words: str) -> Facts:
    """ "Sin cebolla" must not be overlooked: what is left out stands apart from what is added."""
    first, _, rest = words.strip().partition(" ")
    if rest and first.lower() in {"sin", "no", "without"}:
        return {"without": first.upper(), "what": rest}
    return {"without": "", "what": words}


def bill(op: GuestCheckPrinted | ReceiptPrinted, *, waiter: str, tab: str, marks: Marks = NO_MARKS) -> Facts:
    """What a bill and a receipt share; `tab` is the name of a check without a table."""
    return {
        "number": op.number,
        **place(op.table_label or tab, is_table=bool(op.table_label)),
        "waiter": waiter,
        "covers": op.covers,
        "lines": [_sold(line, op.adjustments, marks) for line in op.lines],
        "adjustments": [_adjustment(one) for one in op.adjustments if not one.line_id],
        "cover_charge_minor": op.cover_charge_minor,
        "total_minor": op.total_minor,
        "printed_at_ms": op.printed_at_ms,
        "copy": op.copy,
    }


def left_to_pay(op: GuestCheckPrinted) -> Facts:
    """What a bill says beneath its total."""
    return {
        "paid_minor": op.paid_minor,
        "balance_minor": op.total_minor - op.paid_minor,
        "tip_bp": SUGGESTED_TIP_BP,
        "tip_minor": share_bp(op.total_minor, SUGGESTED_TIP_BP),
    }


def paid(op: ReceiptPrinted) -> Facts:
    """What a receipt says beneath its total."""
    return {
        "vat_minor": op.vat_minor,
        "payments": [_payment(part) for part in op.payments],
        "tips_minor": sum(part.tip_minor for part in op.payments),
    }


def totals(totals: DayTotals, *, by: str, at_ms: int) -> Facts:
    """What an X and a Z share. `last_day` is empty when they count one business day."""
    return {
        **msgspec.to_builtins(shown(totals, ShownTotals)),
        "tenders": [{one.tender: True, **msgspec.structs.asdict(one)} for one in totals.tenders],
        "taken_minor": sum(one.amount_minor for one in totals.tenders),
        "last_day": totals.business_days[-1] if len(totals.business_days) > 1 else "",
        "before_adjustments_minor": totals.sales_minor - sum(one.amount_minor for one in totals.adjustments),
        "by": by,
        "at_ms": at_ms,
    }


def _sold(line: OrderedLine, adjustments: Iterable[Adjustment], marks: Marks) -> Facts:
    name, *variant = (marked(one, marks.get(one, "")) for one in (line.name, line.variant_name) if one)
    return {
        "quantity": line.quantity,
        "name": " ".join((name, *variant)),
        "unit_minor": line.unit_minor if line.quantity > 1 else 0,
        "gross_minor": line.gross_minor,
        # What costs nothing was for the kitchen; a guest checks what was charged.
        "modifiers": [{"what": marked(one.name, marks.get(one.name, ""))} for one in line.modifiers if one.price_minor],
        "own_adjustments": [_adjustment(one) for one in adjustments if one.line_id == line.line_id],
    }


def _adjustment(one: Adjustment) -> Facts:
    """A comp says its rate by its name."""
    return {
        "kind": one.kind,
        "rate_bp": 0 if one.kind == "comp" else abs(one.rate_bp),
        "amount_minor": one.amount_minor,
        "reason": one.reason,
    }


def _payment(part: PaidPart) -> Facts:
    return {
        part.tender: True,
        "amount_minor": part.amount_minor,
        "tendered_minor": part.tendered_minor if part.tender == "cash" else 0,
        "change_minor": part.change_minor,
        "reference": part.reference,
    }
