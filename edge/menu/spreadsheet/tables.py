"""A sheet → its rows under their headings: hidden, merged and repeated ones, totals and sections told apart. Pure."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.amounts import currency_named
from edge.menu.spreadsheet.cells import Value, key_of, text_of
from edge.menu.spreadsheet.rows import (
    MOST_ROWS,
    MOST_TITLE_ROWS,
    NOTHING_KNOWN,
    BadFile,
    Grid,
    Known,
    Remark,
    Row,
    Table,
    column_of,
    one_of,
)

_TOTALS = frozenset(key_of(word) for word in words.TOTALS)
_PLAIN_SHEETS = frozenset(key_of(word) for word in words.PLAIN_SHEETS)


def table_of(grid: Grid, *, currency: str = "ARS", known: Known = NOTHING_KNOWN) -> Table | None:
    """The grid under its headings; None when no row of it looks like headings.

    Raises:
        BadFile: `heading_repeated`, `too_large`.
    """
    if len(grid.rows) > MOST_ROWS + MOST_TITLE_ROWS:
        raise BadFile("too_large", most=MOST_ROWS)
    at = next((n for n, row in enumerate(grid.rows[:MOST_TITLE_ROWS]) if _looks_like_headings(row, currency)), None)
    if at is None:
        return None
    builder = _Builder(grid, at, currency, known)
    return builder.table()


def rows_by_kind(tables: Sequence[Table]) -> dict[str, list[Row]]:
    """The rows of all sheets: categories, groups, options and things to sell.

    Raises:
        BadFile: `headings_missing`, `columns_missing`, `heading_foreign`, `nothing_to_sell`.
    """
    if not tables:
        raise BadFile("headings_missing")
    rows: dict[str, list[Row]] = {kind: [] for kind in ("", *words.KINDS)}
    for table in tables:
        for row, kind in _kinds(table):
            rows[kind].append(row)
    if not rows["item"] and not any(table.refused for table in tables):
        raise BadFile("nothing_to_sell")
    _check_columns(tables)
    return rows


def has_prices(grid: Grid) -> bool:
    """Whether a sheet without headings looks like a part of a menu: names with numbers beside them."""
    return sum(_is_priced(row) for row in grid.rows[: MOST_TITLE_ROWS * 10]) > 1


class _Builder:
    """The table of a grid as it grows."""

    def __init__(self, grid: Grid, at: int, currency: str, known: Known) -> None:
        self._grid = grid
        self._at = at
        self._currency = currency
        self._known = known
        self._texts = [text_of(cell).strip() for cell in grid.rows[at]]
        self._notes = [Remark(sheet=grid.name, code=code, facts=facts) for code, facts in grid.notes]
        self._refused: list[Remark] = []
        self._doubts: list[Remark] = []
        self._places = self._placed()
        self._headings = {column: self._texts[place] for column, place in self._places.items()}

    def table(self) -> Table:
        """All of it."""
        rows = self._sections(list(self._rows()))
        self._check_unnamed()
        if self._grid.is_filtered:
            self._doubts.append(
                Remark(sheet=self._grid.name, code="rows_filtered", facts={"count": len(self._grid.hidden_rows)})
            )
        unknown = [place for place, text in enumerate(self._texts) if text and place not in self._places.values()]
        return Table(
            name=self._grid.name,
            headings=self._headings,
            unknown=tuple(self._texts[place] for place in unknown if place not in self._twins),
            rows=tuple(rows),
            foreign=tuple(self._foreign(unknown)),
            refused=tuple(self._refused),
            doubts=tuple(self._doubts),
            notes=tuple(self._notes),
        )

    def _placed(self) -> dict[str, int]:
        """Where each column stands. A hidden one gives way to a visible one of its name, and is else refused."""
        places: dict[str, int] = {}
        self._twins: set[int] = set()
        in_sight = [place for place in range(len(self._texts)) if place not in self._grid.hidden_columns]
        for place in [*in_sight, *sorted(set(range(len(self._texts))) - set(in_sight))]:
            column = column_of(self._texts[place], self._currency)
            if column in places and place in in_sight:
                raise BadFile("heading_repeated", column=self._texts[place])
            remark = Remark(sheet=self._grid.name, row=self._at + 1, column=self._texts[place], code="hidden_twin")
            if column in places:
                self._twins.add(place)
                self._notes.append(remark)
            elif column:
                places[column] = place
                if place not in in_sight and column != "id" and self._holds(place):
                    self._refused.append(msgspec.structs.replace(remark, code="hidden_column"))
        return places

    def _holds(self, place: int) -> bool:
        """Whether something stands in a column, below its heading."""
        below = self._grid.rows[self._at + 1 :]
        return any(place < len(row) and text_of(row[place]).strip() for row in below)

    def _foreign(self, unknown: Sequence[int]) -> Iterator[tuple[str, str]]:
        for place in unknown:
            bare, currency = currency_named(self._texts[place], self._currency)
            if currency and column_of(bare, self._currency) == "price":
                yield self._texts[place], currency

    def _check_unnamed(self) -> None:
        """A column with something in it and no heading is left out, and told."""
        width = max((len(row) for row in self._grid.rows[self._at :]), default=0)
        last = max(place for place, text in enumerate(self._texts) if text)
        for place in range(width if self._grid.name else last):
            is_named = place < len(self._texts) and self._texts[place]
            if not is_named and place not in self._grid.hidden_columns and self._holds(place):
                facts: dict[str, str | int] = {"letter": _letter(place)}
                self._notes.append(Remark(sheet=self._grid.name, code="column_unnamed", facts=facts))

    def _rows(self) -> Iterator[Row]:
        width = max(place for place, heading in enumerate(self._texts) if heading) + 1
        filled = self._filled()
        for number, cells in enumerate(self._grid.rows[self._at + 1 :], start=self._at + 2):
            held = [text for text in (text_of(cell).strip() for cell in cells) if text]
            if not held:
                continue
            values: dict[str, Value] = {
                column: cells[place] for column, place in self._places.items() if place < len(cells)
            }
            row = Row(self._grid.name, number, self._headings, values, self._known)
            row.only = held[0] if len(held) == 1 else ""
            for column, value in filled.get(number, {}).items():
                row.fill(column, value)
                row.only = ""
            if not self._grid.name and any(
                text_of(cell).strip() for cell in cells[width:]
            ):  # only text files shift cells
                row.refuse("too_many_cells")
            if self._is_kept(row, number, cells):
                yield row

    def _filled(self) -> dict[int, dict[str, Value]]:
        """What merged cells say of the rows below their first, by row and column."""
        columns = {place: column for column, place in self._places.items()}
        filled: dict[int, dict[str, Value]] = {}
        for merge in self._grid.merges:
            column = columns.get(merge.first_column, "")
            first = self._grid.rows[merge.first_row - 1] if merge.first_row <= len(self._grid.rows) else ()
            is_below = self._at + 1 < merge.first_row < merge.last_row
            if not column or not is_below or merge.first_column >= len(first):
                continue
            self._notes.append(
                Remark(sheet=self._grid.name, row=merge.first_row, column=self._headings[column], code="merged",
                       value=text_of(first[merge.first_column])[:80])
            )  # fmt: skip
            for number in range(merge.first_row + 1, min(merge.last_row, len(self._grid.rows)) + 1):
                filled.setdefault(number, {})[column] = first[merge.first_column]
        return filled

    def _is_kept(self, row: Row, number: int, cells: Sequence[Value]) -> bool:
        """Whether a row is one of the menu; what is left out is told."""
        if number in self._grid.hidden_rows:
            row.note("hidden_row")
        elif [text_of(cell).strip() for cell in cells if text_of(cell).strip()] == [
            text for text in self._texts if text
        ]:
            row.note("headings_again")
        elif _is_total(row, self._known):
            row.note("total_left_out")
        else:
            return True
        self._notes += row.notes
        return False

    def _sections(self, rows: list[Row]) -> list[Row]:
        """The rows under their categories, where a row of a name alone, or the sheet's own name, says which."""
        priced = [row for row in rows if row.has("price") or row.has("variants")]
        says_kinds = any(row.has("kind") for row in rows)
        of_items = one_of(words.SHEETS, self._grid.name) in {"", "item"}
        if not priced or says_kinds or not of_items or any(row.has("category") for row in priced):
            return rows
        sheet = self._grid.name if "category" not in self._places and not _is_plain(self._grid.name) else ""
        heading: Row | None = None
        kept: list[Row] = []
        counts: dict[int, int] = {}
        for row in rows:
            if row.only and not row.refused and not (row.has("price") or row.has("variants")):
                heading = row
                counts[row.number] = 0
                continue
            if heading is not None or sheet:
                row.fill("category", heading.only if heading is not None else sheet, "categoría")
                counts[heading.number if heading else 0] = counts.get(heading.number if heading else 0, 0) + 1
            kept.append(row)
        self._tell_sections(rows, counts)
        if (heading or sheet) and "category" not in self._headings:
            self._headings["category"] = "categoría"
        return kept

    def _tell_sections(self, rows: Sequence[Row], counts: dict[int, int]) -> None:
        for row in rows:
            if counts.get(row.number):
                row.note("section", count=counts[row.number])
                self._notes += row.notes
            elif row.number in counts:
                row.refuse("section_empty")
                self._refused += row.refused
        if counts.get(0):
            facts: dict[str, str | int] = {"count": counts[0]}
            self._notes.append(Remark(sheet=self._grid.name, code="sheet_category", facts=facts, value=self._grid.name))


def _looks_like_headings(row: Sequence[Value], currency: str) -> bool:
    known = {column_of(text_of(cell), currency) for cell in row if isinstance(cell, str)} - {""}
    return "name" in known and len(known) > 1


def _is_total(row: Row, known: Known) -> bool:
    """Whether a row is the sum of a column: it says so, and names no category."""
    said = {key_of(text_of(row.cell(column)).strip(" :=.")) for column in ("name", "category", "code")} - {""}
    if text_of(row.cell("name")).strip() in known.texts:
        return False
    return bool(said) and said <= _TOTALS and (row.has("price") or bool(row.only))


def _is_plain(name: str) -> bool:
    """Whether a sheet's name says nothing of what is on it: Hoja1, Carta 2026."""
    bare = key_of(name).rstrip("0123456789 .-_()")
    return not bare or bare in _PLAIN_SHEETS


def _is_priced(row: Sequence[Value]) -> bool:
    texts = [text_of(cell).strip() for cell in row]
    has_number = any(isinstance(cell, int | float) or text.strip("$ .,").replace(".", "").isdigit()
                     for cell, text in zip(row, texts, strict=True) if text)  # fmt: skip
    return has_number and any(sum(letter.isalpha() for letter in text) > 1 for text in texts)


def _letter(place: int) -> str:
    """A column as spreadsheets call it: A, B … Z, AA."""
    text = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _kinds(table: Table) -> Iterable[tuple[Row, str]]:
    by_sheet = one_of(words.SHEETS, table.name) or "item"
    for row in table.rows:
        word = row.text("kind")
        kind = one_of(words.KINDS, word) if word else by_sheet
        if not kind:
            row.refuse("kind_unknown", "kind")
        yield row, kind


def _check_columns(tables: Sequence[Table]) -> None:
    """One sheet at least must have what every item needs."""
    needed = {"category": "categoría", "name": "nombre", "price": "precio"}
    if not any(needed.keys() <= table.headings.keys() for table in tables):
        foreign = next((one for table in tables for one in table.foreign if "price" not in table.headings), None)
        if foreign:
            raise BadFile("heading_foreign", column=foreign[0], currency=foreign[1])
        best = min((set(needed) - set(table.headings) for table in tables), key=len)
        raise BadFile("columns_missing", columns=", ".join(needed[column] for column in needed if column in best))
