"""Which tables a release makes again: those whose rows may differ, and no others.

A small shop's modules are written to disk, changed as a release would change them, and loaded again.
"""

import importlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from edge.app import SLICES
from edge.engine.database import connect_writer
from edge.engine.migrate import migrate
from edge.engine.projector import Projector
from edge.engine.slice import Slice
from edge.guests.project import VISIT
from shared.ids import TableId, VisitId
from shared.ops.base import Op
from shared.ops.guests import VisitOpened
from shared.projections.fingerprint import _thing, fingerprint
from shared.projections.projection import Projection
from shared.projections.rows import row_of

SHOP = {
    "lines.py": '''
"""Lines."""
import msgspec

class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line."""
    name: str
    price_minor: int
    note: str = ""

    @property
    def doubled(self) -> int:
        return self.price_minor * 2
''',
    "ops.py": """
from typing import ClassVar
from shared.ops.base import Op
from {shop}.lines import Line

class Bought(Op, frozen=True, kw_only=True, tag="bought"):
    SUBJECT: ClassVar[str] = "basket_id"
    basket_id: str
    lines: tuple[Line, ...]

class Left(Op, frozen=True, kw_only=True, tag="left"):
    SUBJECT: ClassVar[str] = "basket_id"
    basket_id: str
""",
    "rules.py": """
VAT_BP = 2100
GREETING = "hello"

def vat_of(amount_minor: int) -> int:
    return amount_minor * VAT_BP // 10_000
""",
    "project.py": """
from {shop} import rules
from {shop}.ops import Bought, Left
from shared.projections.rows import row_of
from shared.writes import Add, Delete, Put, Table

BASKET = Table(name="basket", key=("basket_id",), columns={{"basket_id": "text", "lines": "text"}})
TAX = Table(name="tax", key=("basket_id",), columns={{"basket_id": "text", "vat_minor": "int"}}, tally=True)

def keep(entry, op: Bought):
    yield Put("basket", row_of(BASKET, op))

def drop(entry, op: Left):
    yield Delete("basket", {{"basket_id": op.basket_id}})

def tax(entry, op: Bought):
    yield Add("tax", {{"basket_id": op.basket_id}}, {{"vat_minor": sum(rules.vat_of(line.doubled) for line in op.lines)}})

BASKETS = {{Bought: keep}}
TAXES = {{Bought: tax}}
""",
}
_LATER = ("state", "check_id", "opened_at_ms", "closed_at_ms", "phones")
_numbers = itertools.count(1)


class Shop:
    """The shop's modules, and a venue's database that they were rebuilt in."""

    def __init__(self, folder: Path) -> None:
        self._name = f"shop{next(_numbers)}"
        self._folder = folder / self._name
        self._folder.mkdir()
        sys.path.insert(0, str(folder))
        for name, text in SHOP.items():
            (self._folder / name).write_text(text.format(shop=self._name), encoding="utf-8")
        self.conn = connect_writer(folder / f"{self._name}.db")
        migrate(self.conn)
        self.rebuild()

    def change(self, file: str, before: str, after: str) -> None:
        """As the next release does."""
        path = self._folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def rebuild(self) -> set[str]:
        """Start the release that stands on disk; the tables it made again."""
        project = self._load("project")
        projections = [
            Projection("baskets", (project.BASKET,), project.BASKETS),
            Projection("taxes", (project.TAX,), project.TAXES),
        ]
        projector = Projector([Slice("shop", projections=projections)], lambda kind, body: Op())
        stale = projector.stale(self.conn)
        projector.rebuild(self.conn, stale)
        return {table.name for one in stale for table in one.tables}

    def _load(self, name: str) -> ModuleType:
        for known in [known for known in sys.modules if known.split(".")[0] == self._name]:
            del sys.modules[known]
        sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
        try:
            importlib.invalidate_caches()
            return importlib.import_module(f"{self._name}.{name}")
        finally:
            sys.dont_write_bytecode = before


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.conn.close()
    sys.path.remove(str(tmp_path))


def test_a_start_of_the_same_release_makes_nothing_again(shop: Shop) -> None:
    assert shop.rebuild() == set()


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("project.py", "def keep(entry", "# what a basket holds\ndef keep(entry"),
        ("project.py", "def tax(entry, op: Bought):", 'def tax(entry, op: Bought):\n    """The tax."""'),
        ("project.py", "def keep(entry, op: Bought):", "def keep(\n    entry: object,\n    op: Bought,\n):"),
        ("rules.py", 'GREETING = "hello"', 'GREETING = "good evening"'),
        ("rules.py", "VAT_BP = 2100", "VAT_BP = 21 * 100"),
        ("lines.py", '"""A line."""', '"""A line, as sold."""'),
        ("lines.py", 'note: str = ""', 'note: str = ""\n    parent_id: str = ""'),
        ("ops.py", "    lines: tuple[Line, ...]\n", '    lines: tuple[Line, ...]\n    by: str = ""\n'),
    ],
    ids=["comment", "docstring", "layout and annotations", "constant nobody reaches", "constant of the same value",
         "docstring of a struct", "field with a default in a stored struct", "field with a default in an op"],
)  # fmt: skip
def test_what_changes_no_row_makes_nothing_again(shop: Shop, file: str, before: str, after: str) -> None:
    shop.change(file, before, after)
    assert shop.rebuild() == set()


@pytest.mark.parametrize(
    ("file", "before", "after", "again"),
    [
        ("project.py", "BASKETS = {Bought: keep}", "BASKETS = {Bought: keep, Left: drop}", {"basket"}),
        ("rules.py", "VAT_BP = 2100", "VAT_BP = 1050", {"tax"}),
        ("rules.py", "// 10_000", "// 10_001", {"tax"}),
        ("lines.py", "self.price_minor * 2", "self.price_minor * 3", {"basket", "tax"}),
        ("project.py", "yield Put(", "if op.lines:\n        yield Put(", {"basket"}),
        ("project.py", '"lines": "text"}', '"lines": "text", "count": "int"}', {"basket"}),
        ("lines.py", "price_minor: int\n", "price_minor: int\n    weight_g: int\n", {"basket", "tax"}),
        ("lines.py", "omit_defaults=True", "omit_defaults=False", {"basket", "tax"}),
    ],
    ids=["op kind", "constant", "function two modules away", "property of a struct", "function", "column",
         "field without a default", "how a struct is stored"],
)  # fmt: skip
def test_what_may_change_a_row_makes_its_tables_again_and_no_others(
    shop: Shop, file: str, before: str, after: str, again: set[str]
) -> None:
    shop.change(file, before, after)
    assert shop.rebuild() == again
    assert shop.rebuild() == set()


def test_a_field_that_a_projection_uses_makes_its_tables_again(shop: Shop) -> None:
    shop.change("lines.py", 'note: str = ""', 'note: str = ""\n    free: int = 0')
    assert shop.rebuild() == set()
    shop.change("project.py", "line.doubled)", "line.doubled - line.free)")
    assert shop.rebuild() == {"tax"}


def test_the_default_of_a_field_counts_where_it_is_used(shop: Shop) -> None:
    shop.change("ops.py", "    lines: tuple[Line, ...]\n", "    lines: tuple[Line, ...]\n    count: int = 1\n")
    shop.change("project.py", '"lines": "text"}', '"lines": "text", "count": "int"}')
    assert shop.rebuild() == {"basket"}
    shop.change("ops.py", "count: int = 1", "count: int = 2")
    assert shop.rebuild() == {"basket"}


def test_a_function_that_stands_inside_another_is_no_projection() -> None:
    def inside(entry: object, op: object) -> Iterator[msgspec.Struct]:
        yield msgspec.structs.replace(op)  # type: ignore[type-var]

    with pytest.raises(AssertionError, match="does not stand at the top of a module"):
        fingerprint(Projection("inside", (), {Op: inside}))  # type: ignore[dict-item]


def test_what_has_run_does_not_change_a_fingerprint() -> None:
    """Caches that fill as we run are no constants."""
    projections = [projection for one in SLICES for projection in one.projections]
    before = [fingerprint(projection) for projection in projections]
    row_of(VISIT, VisitOpened(visit_id=VisitId("v1"), table_id=TableId("t1")), **dict.fromkeys(_LATER, 0))
    _thing.cache_clear()
    assert [fingerprint(projection) for projection in projections] == before
