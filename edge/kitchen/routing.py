"""Lines into tickets: which courses fire, and which station makes what. Pure."""

from collections.abc import Collection, Iterable

from edge.kitchen.state import Check, Sending
from shared.context import Context
from shared.ids import TicketId
from shared.lines import OrderedLine
from shared.ops.kitchen import TicketLine, TicketOpened


def fired_courses(courses: Collection[int], highest_fired: int) -> frozenset[int]:
    """Which of the courses now sent are made at once.

    The first send fires its lowest course. Later ones fire what belongs to courses under way; higher courses wait
    until somebody fires them.
    """
    limit = highest_fired or min(courses)
    return frozenset(course for course in courses if course <= limit)


def tickets_of(lines: Iterable[OrderedLine], state: Sending, check: Check, context: Context) -> list[TicketOpened]:
    """A ticket for each station and course of one fire, numbered on from the last."""
    groups: dict[tuple[int, str], list[OrderedLine]] = {}
    for line in lines:
        groups.setdefault((line.course, line.station_id), []).append(line)
    stations = list(dict.fromkeys(station_id for _, station_id in groups))
    names = {station_id: state.station_names.get(station_id, station_id) for station_id in stations}
    run = state.numbering.day
    return [
        TicketOpened(
            ticket_id=TicketId(context.fresh_id()),
            number=state.numbering.next + place,
            station_id=group[0].station_id,
            station_name=names[station_id],
            check_id=check.check_id,
            check_number=check.number,
            table_id=check.table_id,
            table_label=check.label,
            course=course,
            covers=check.covers,
            waiter_id=check.waiter_id,
            lines=tuple(map(_to_make, group)),
            also_at=tuple(names[other] for other in stations if other != station_id),
            fired_at_ms=context.now_ms,
            period=context.period,
            numbered_day=run if run != context.business_day else "",
        )
        for place, ((course, station_id), group) in enumerate(sorted(groups.items(), key=lambda item: item[0][0]))
    ]


def _to_make(line: OrderedLine) -> TicketLine:
    words = [line.variant_name] if line.variant_name else []
    return TicketLine(
        line_id=line.line_id,
        quantity=line.quantity,
        name=line.short_name or line.name,
        modifiers=(*words, *(chosen.name for chosen in line.modifiers)),
        note=line.note,
        allergies=line.allergies,
        variant_name=line.variant_name,
    )
