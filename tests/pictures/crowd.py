"""A full house made from the recorded evening: many tables, checks and tickets, and the longest names people write."""

import copy
from typing import Any

View = list[Any]  # kind, key, value
TABLES = 24
TICKETS = 12
LONG = {
    "Empanada": "Empanada salteña de carne cortada a cuchillo",
    "Bife": "Bife de chorizo madurado con papas rotas al romero",
    "Agua": "Agua mineral con gas de vertiente",
    "Ana": "María de los Ángeles",
    "Cocina": "Cocina caliente y parrilla",
}


def crowded(views: list[View]) -> list[View]:
    """The same kinds of view, many of them, none with a name that another has."""
    found = [[kind, key, _long(value)] for kind, key, value in copy.deepcopy(views)]
    by_kind: dict[str, View] = {view[0]: view for view in reversed(found)}
    for number in range(3, TABLES + 1) if "table" in by_kind else ():
        found.append(_table(by_kind["table"], number))
        if "check" in by_kind and number % 2:
            found.append(_check(by_kind["check"], number))
    for number in range(2, TICKETS + 1) if "ticket" in by_kind else ():
        found.append(_ticket(by_kind["ticket"], number))
    return found


def _long(value: Any) -> Any:
    match value:
        case str():
            return LONG.get(value, value)
        case list():
            return [_long(one) for one in value]
        case dict():
            return {name: _long(one) for name, one in value.items()}
    return value


def _table(view: View, number: int) -> View:
    place = {"x": 110 * (number % 6), "y": 110 * (number // 6)}
    return ["table", f"t{number}", {**view[2], "table_id": f"t{number}", "label": str(number), "visit_id": "", **place}]


def _check(view: View, number: int) -> View:
    about = {"check_id": f"c{number}", "number": number, "table_id": f"t{number}", "table_label": str(number)}
    return ["check", f"c{number}", {**view[2], **about}]


def _ticket(view: View, number: int) -> View:
    ticket = copy.deepcopy(view[2])
    line = ticket["lines"][0]
    ticket["lines"] = [
        {**line, "line_id": f"{number}-{each}", "note": "sin sal, bien cocido, cortado al medio" if each == 1 else ""}
        for each in range(1 + number % 5)
    ]
    ticket["lines"][0]["allergies"] = ["peanut", "gluten"] if number % 4 == 0 else []
    ticket |= {"ticket_id": f"k{number}", "number": number, "table_id": f"t{number}", "table_label": str(number)}
    return ["ticket", f"k{number}", ticket | {"fired_at_ms": ticket["fired_at_ms"] + number * 20_000}]
