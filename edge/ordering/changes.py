"""A held line's edit: what the device says it changes is changed, and nothing else of the line, its price least of all."""

from msgspec.structs import replace

from edge.ordering.state import Line, Pricing
from shared.commands.lines import LineAsk
from shared.errors import Rejected
from shared.lines import ChosenModifier, OrderedLine
from shared.rules.pricing import ask_of, check_allergies, choices_of, price_line
from shared.text import one_line

#: What is edited as one: another variant or another option is another dish to the kitchen.
_DISH = ("item_id", "variant_id", "modifier_ids")
#: Each may be changed by one person while another changes the next.
_APART = ("quantity", "course", "note", "allergies", "seat")


def merged(line: Line, wanted: LineAsk, seen: LineAsk | None) -> LineAsk:
    """What becomes of the line when `wanted` was made of it as it was `seen`; others' edits of other things stay.

    Without `seen` the device knew the line as it was added.

    Raises:
        Rejected: `line_changed` when somebody else changed the same thing otherwise, or, without `seen`, anything.
    """
    now = ask_of(line.line)
    held, asked = _plain(now, line.line), _plain(wanted, line.line)
    if seen is None:
        if line.is_changed and held != asked:
            raise _stale(line)
        return wanted
    was = _plain(seen, line.line)
    kept: dict[str, object] = {}
    for names in (_DISH, *((name,) for name in _APART)):
        mine, before, theirs = (tuple(getattr(ask, name) for name in names) for ask in (asked, was, held))
        if mine == before:
            kept |= {name: getattr(now, name) for name in names}
        elif theirs not in (before, mine):
            raise _stale(line)
    return replace(wanted, **kept)


def repriced(before: OrderedLine, ask: LineAsk, pricing: Pricing) -> OrderedLine:
    """The line as asked. The same dish keeps its price, whatever today's menu says of it, or nothing at all.

    Other options of the same dish cost what they cost today, the dish itself what it cost when it was ordered.

    Raises:
        Rejected: what pricing refuses; `item_sold_out` for more of a dish that ran out.
    """
    check_allergies(ask.allergies)
    was = ask_of(before)
    if (ask.item_id, ask.variant_id) != (was.item_id, was.variant_id):
        line = price_line(pricing.menu(), ask, sold_out=pricing.sold_out)
        return replace(line, draft_id=before.draft_id)
    if ask.item_id in pricing.sold_out and ask.quantity > before.quantity:
        raise Rejected("item_sold_out", name=before.name)
    choices = before.modifiers
    if set(ask.modifier_ids) != set(was.modifier_ids):
        choices = choices_of(pricing.menu(), ask, before)
    unit_minor = max(before.unit_minor + _cost(choices) - _cost(before.modifiers), 0)
    if ask.shown_minor is not None and ask.shown_minor != unit_minor:
        raise Rejected("price_changed", name=before.name, price_minor=unit_minor, shown_minor=ask.shown_minor)
    return replace(
        before,
        modifiers=choices,
        quantity=ask.quantity,
        unit_minor=unit_minor,
        gross_minor=unit_minor * ask.quantity,
        course=ask.course or before.course,
        note=one_line(ask.note),
        allergies=ask.allergies,
        seat=ask.seat,
    )


def _plain(ask: LineAsk, line: OrderedLine) -> LineAsk:
    """The ask as the line would keep it, so that two can be compared."""
    return replace(
        ask,
        modifier_ids=tuple(sorted(set(ask.modifier_ids))),
        allergies=tuple(sorted(set(ask.allergies))),
        course=ask.course or line.course,
        note=one_line(ask.note),
        shown_minor=None,
    )


def _cost(choices: tuple[ChosenModifier, ...]) -> int:
    return sum(chosen.price_minor for chosen in choices)


def _stale(line: Line) -> Rejected:
    return Rejected("line_changed", name=line.line.name, quantity=line.line.quantity, note=line.line.note)
