"""What guests of the demo choose from the menu: dishes as people combine them, with every question answered."""

import random
from typing import Any

from installer.demo.edge_client import fresh_id

Line = dict[str, Any]

#: How a party of so many eats: what they choose from, and how many of it for each person.
_STARTERS = ("entradas",)
_MAINS = ("parrilla", "parrilla", "minutas", "pastas", "pescados")
_DRINKS = ("sin_alcohol", "sin_alcohol", "cervezas", "vinos", "tragos")
_MAIN_COURSE = 2
_NOTES = ("bien cocido", "sin sal", "para compartir", "aparte", "con limón", "rápido si se puede")
_TOO_MUCH = {"tomahawk", "parrillada_4", "descorche", "docena_empanadas"}


class MenuCard:
    """A published menu, read the way a guest reads it."""

    def __init__(self, menu: dict[str, Any], chance: random.Random) -> None:
        self._chance = chance
        self._items: dict[str, list[Line]] = {}
        self._by_id: dict[str, Line] = {item["id"]: item for item in menu["items"]}
        self._groups: dict[str, Line] = {group["id"]: group for group in menu["groups"]}
        for item in menu["items"]:
            self._items.setdefault(item["category_id"], []).append(item)

    def line(self, item_id: str, *, quantity: int = 1, **more: Any) -> Line:
        """A line that the menu allows, its questions answered by chance unless `more` answers them."""
        item = self._by_id[item_id]
        line: Line = {"line_id": fresh_id(), "item_id": item_id, "quantity": quantity}
        if item.get("variants"):
            line["variant_id"] = self._chance.choice(item["variants"])["id"]
        modifiers = [id for group_id in item.get("group_ids", ()) for id in self._answer(self._groups[group_id])]
        return {**line, "modifier_ids": modifiers, **more}

    def price_of(self, line: Line) -> int:
        """What the line costs, in minor units, as a phone estimates it; the edge decides."""
        item = self._by_id[line["item_id"]]
        prices = {variant["id"]: int(variant["price_minor"]) for variant in item.get("variants", ())}
        unit_minor = prices.get(line.get("variant_id", ""), int(item["price_minor"]))
        for group_id in item.get("group_ids", ()):
            group = self._groups[group_id]
            options = {
                f"{group_id}/{modifier['id']}": modifier.get("price_minor", 0) for modifier in group["modifiers"]
            }
            chosen = [options[id] for id in line["modifier_ids"] if id in options]
            unit_minor += sum(chosen[group.get("free_count", 0) :])
        return max(unit_minor, 0) * int(line["quantity"])

    def meal(self, people: int, sold_out: frozenset[str] = frozenset()) -> list[Line]:
        """Drinks, starters and mains for a party; what comes after those waits to be fired and cannot be paid before."""
        starters = [self._pick(_STARTERS, sold_out) for _ in range(max(1, people // 2))]
        mains = [self._pick(_MAINS, sold_out, last_course=_MAIN_COURSE) for _ in range(people)]
        drinks = [self._pick(_DRINKS, sold_out, last_course=_MAIN_COURSE) for _ in range(people)]
        lines = [self.line(item["id"]) for item in (*drinks, *starters, *mains)]
        if self._chance.random() < 0.3:
            lines[-1]["note"] = self._chance.choice(_NOTES)
        return _joined(lines)

    def afters(self, people: int, sold_out: frozenset[str] = frozenset()) -> list[Line]:
        """Desserts for some, coffee for others."""
        names = [self._chance.choice((("postres",), ("cafeteria",))) for _ in range(max(1, people - 1))]
        return _joined([self.line(self._pick(name, sold_out)["id"]) for name in names])

    def round(self, people: int, sold_out: frozenset[str] = frozenset()) -> list[Line]:
        """One more drink for some."""
        return _joined([self.line(self._pick(_DRINKS, sold_out)["id"]) for _ in range(max(1, people // 2))])

    def _pick(self, categories: tuple[str, ...], sold_out: frozenset[str], *, last_course: int = 9) -> Line:
        left = {name: self._left(name, sold_out, last_course) for name in categories if name in self._items}
        there = [name for name in categories if left.get(name)]
        items = left[self._chance.choice(there)]
        return self._chance.choices(items, [4 if item.get("is_favourite") else 1 for item in items])[0]

    def _left(self, category: str, sold_out: frozenset[str], last_course: int) -> list[Line]:
        return [
            item
            for item in self._items[category]
            if item["id"] not in sold_out | _TOO_MUCH
            and item["course"] <= last_course
            and not item.get("is_hidden_from_guests")
        ]

    def _answer(self, group: Line) -> list[str]:
        least, most = group.get("min", 0), group["max"]
        count = max(least, 1 if least or self._chance.random() < 0.2 else 0)
        chosen = self._chance.sample(group["modifiers"], min(count, most))
        return [f"{group['id']}/{modifier['id']}" for modifier in chosen]


def _joined(lines: list[Line]) -> list[Line]:
    """Two of the same are one line with a two."""
    found: dict[str, Line] = {}
    for line in lines:
        key = repr({name: value for name, value in line.items() if name not in {"line_id", "quantity"}})
        if key in found:
            found[key]["quantity"] += line["quantity"]
        else:
            found[key] = line
    return list(found.values())
