"""What a person reads in the terminal about a menu's spreadsheet, in their language."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.menu.spreadsheet import reasons, words
from edge.menu.spreadsheet.amounts import spoken
from edge.menu.spreadsheet.reading import Reading
from edge.menu.spreadsheet.rows import Remark
from shared.menu import Menu

_MOST_NAMED = 10  # items named in a summary
_MOST_REFUSED = 500  # rows of a table; nobody mends more of them in one go
_MOST_NOTED = 40


def rows_in(remarks: Iterable[Remark]) -> int:
    """How many rows they are about."""
    return len({(one.sheet, one.row) for one in remarks})


class Say:
    """Sentences and tables on a terminal."""

    def __init__(self, terminal: Console, language: str, currency: str = "ARS") -> None:
        self._terminal = terminal
        self._language = language
        self._currency = currency
        self._comma = "." if language == "en" else ","

    def text(self, key: str, **facts: object) -> str:
        """A sentence of the commands."""
        return words.word(reasons.TEXTS[key], self._language).format_map(facts)

    def good(self, text: str) -> None:
        """Something went well."""
        self._terminal.print(Text(text, style="green"))

    def note(self, text: str) -> None:
        """Something worth knowing."""
        self._terminal.print(Text(text, style="yellow"))

    def bad(self, text: str) -> None:
        """Something was refused."""
        self._terminal.print(Text(text, style="red"))

    def left_out(self, reading: Reading) -> None:
        """Every row that is no part of the menu or must be confirmed, and what was understood on the way."""
        for ignored in (*reading.unknown_headings, *reading.unknown_sheets):
            self.note(self.text("ignored", name=ignored))
        for title, remarks, most in (
            ("notes", reading.notes, _MOST_NOTED),
            ("doubts", reading.doubts, _MOST_REFUSED),
            ("refused_rows", reading.refused, _MOST_REFUSED),
        ):
            if remarks:
                self._remarks(title, remarks, most)

    def changes(self, before: Menu | None, after: Menu) -> None:
        """What publishing would change, in a few lines, and each price that becomes another."""
        old = {item.id: item for item in before.items} if before else {}
        new = {item.id: item for item in after.items}
        counts = self.text("counts", items=len(new), categories=len(after.categories), groups=len(after.groups))
        self._terminal.print(Text(counts))
        for name, names in (
            ("added", [item.name for id, item in new.items() if id not in old]),
            ("changed", [item.name for id, item in new.items() if id in old and old[id] != item]),
            ("removed", [item.name for id, item in old.items() if id not in new]),
        ):
            if names and before:
                shown = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
                self._terminal.print(Text(self.text(name, count=len(names), names=shown)))
        self._prices(_prices_of(before) if before else {}, _prices_of(after))

    def _prices(
        self, before: dict[tuple[str, ...], tuple[str, int]], after: dict[tuple[str, ...], tuple[str, int]]
    ) -> None:
        changed = [(name, before[key][1], amount) for key, (name, amount) in after.items()
                   if key in before and before[key][1] != amount]  # fmt: skip
        if not changed:
            return
        table = Table(title=self.text("prices", count=len(changed)), title_justify="left")
        table.add_column(self.text("item"), overflow="fold")
        table.add_column(self.text("before"), justify="right")
        table.add_column(self.text("after"), justify="right")
        for name, was, amount in changed:
            table.add_row(Text(name), spoken(was, comma=self._comma), f"→ {spoken(amount, comma=self._comma)}")
        self._terminal.print(table)

    def _remarks(self, title: str, remarks: Sequence[Remark], most: int) -> None:
        """A line for each, in the file's order."""
        columns = [("row", "right"), ("item", "left"), ("column", "left"), ("value", "left"), ("reason", "left")]
        if any(one.sheet for one in remarks):
            columns.insert(0, ("sheet", "left"))
        table = Table(title=self.text(title), title_justify="left")
        for heading, justify in columns:
            table.add_column(self.text(heading), justify=justify, overflow="fold")  # type: ignore[arg-type]
        for one in remarks[:most]:
            cells = {
                "sheet": one.sheet,
                "row": str(one.row or ""),
                "item": one.name,
                "column": one.column,
                "value": one.value,
                "reason": reasons.reason(one.code, {"own": self._currency, **one.facts}, self._language),
            }
            table.add_row(*(Text(cells[heading]) for heading, _ in columns))
        self._terminal.print(table)
        if len(remarks) > most:
            self.note(self.text("more", count=len(remarks) - most))


def _prices_of(menu: Menu) -> dict[tuple[str, ...], tuple[str, int]]:
    """Every price of a menu by what it is of, and what that is called."""
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    for item in menu.items:
        if not item.variants:
            found["item", item.id] = (item.name, item.price_minor)
        for variant in item.variants:
            found["variant", item.id, variant.id] = (f"{item.name} · {variant.name}", variant.price_minor)
    for group in menu.groups:
        for option in group.modifiers:
            found["option", group.id, option.id] = (f"{group.name} · {option.name}", option.price_minor)
    return found
