"""What a slice hands the root: rules, projections, views, errands, and what must always hold. There is nothing else to know."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from sqlite3 import Connection
from typing import Any, Generic, TypeVar

import msgspec

from edge.engine.errands import Errand
from shared.commands.base import Command
from shared.context import Context
from shared.ops.base import Op
from shared.projections.projection import Projection
from shared.writes import Table, Value, Write

C = TypeVar("C", bound=Command)
S = TypeVar("S")

STAFF_ROLES = frozenset({"waiter", "pos", "kds", "console", "edge"})
#: Those, and the screen of the office: it sets the venue up and has no part in the service.
OFFICE = STAFF_ROLES | {"manage"}

Key = Mapping[str, Value]  # the whole key of a touched row, by column


class Rule(msgspec.Struct, Generic[C, S], frozen=True):
    """How one command is decided: `load` reads what the rule needs, `decide` turns it into ops or raises Rejected."""

    command: type[C]
    load: Callable[[Connection, C, Context], S]
    decide: Callable[[C, S, Context], list[Any]]  # ops; a list of one op type is a list of ops here
    devices: frozenset[str] = STAFF_ROLES  # the device roles that may ask it
    prepare: Callable[[C], C] | None = None  # slow work (hashing a PIN), on a thread of its own before the queue
    keep: Callable[[C, Sequence[Op], Context], Iterable[Write]] | None = None  # writes to `kept_tables`, same commit

    @property
    def name(self) -> str:
        """The name the command travels under."""
        return str(self.command.__struct_config__.tag)


class View(msgspec.Struct, frozen=True):
    """What devices are shown of one kind of thing, one struct for each key."""

    kind: str
    roles: frozenset[str]  # the device roles whose feed carries it
    touches: Mapping[str, Callable[[Key], str | None]]  # table → the view key a touched row changes; None for none
    load: Callable[[Connection, list[str]], Mapping[str, msgspec.Struct]]  # a key that is absent is gone
    current: Callable[[Connection], list[str]]  # every key a device that has nothing must get
    #: The keys that rows kept beside the log may have changed since the entry of that seq: the log does not say it.
    since: Callable[[Connection, int], Iterable[str]] | None = None
    #: Where a row's key does not say which views it changes, `touches` names the row and this finds them.
    resolve: Callable[[Connection, list[str]], Iterable[str]] | None = None


class Slice(msgspec.Struct, frozen=True):
    """One slice of the venue. `app.py` builds everything from a tuple of these."""

    name: str
    rules: Sequence[Rule[Any, Any]] = ()
    projections: Sequence[Projection] = ()
    views: Sequence[View] = ()
    invariants: Sequence[Callable[[Connection], Iterable[str]]] = ()  # each yields problems as sentences
    errands: Sequence[Errand] = ()  # what its ops ask for outside
    kept_tables: Sequence[Table] = ()  # made by migrations, written by `keep`, never rebuilt
    fresh_tables: Sequence[Table] = ()  # whose new rows the loads of the same commit are given (`fresh_rows`)


def commands_of(rules: Iterable[Rule[Any, Any]], device_role: str) -> frozenset[str]:
    """The names of the commands that a device of this role may ask."""
    return frozenset(rule.name for rule in rules if device_role in rule.devices)
