"""What a projection is: its tables, and for each kind of op the function that turns one into writes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from shared.entry import Entry
from shared.ops.base import Op
from shared.writes import Table, Write

#: One kind of op into writes. Pure: it reads nothing and refuses nothing.
ProjectOp = Callable[[Entry, Any], Iterator[Write]]


class Projection(msgspec.Struct, frozen=True):
    """Ops into tables. An op that `project` does not name is not its concern."""

    name: str
    tables: tuple[Table, ...]
    project: Mapping[type[Op], ProjectOp]

    @property
    def by_kind(self) -> dict[str, ProjectOp]:
        """The same functions by the kind under which their ops are stored."""
        return {op.kind_name(): function for op, function in self.project.items()}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of op it looks at."""
        return frozenset(self.by_kind)
