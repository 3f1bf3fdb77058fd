"""The last backup, as a till shows it."""

from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import View
from edge.upkeep.load import backup
from shared.views.upkeep import BackupView

_LAST = "last"


def backups(conn: Connection, keys: list[str]) -> Mapping[str, BackupView]:
    """The last backup, and when the last good one was made."""
    last, good = backup(conn, _LAST), backup(conn, "good")
    if last is None or _LAST not in keys:
        return {}
    view = BackupView(
        made_at_ms=last.made_at_ms,
        good_at_ms=good.made_at_ms if good else 0,
        copied=last.copied,
        checked=last.checked,
        problems=last.problems,
        second=last.second,
    )
    return {_LAST: view}


BACKUP = View(
    kind="backup",
    roles=frozenset({"pos", "manage", "console"}),
    touches={"backup": lambda key: _LAST},
    load=backups,
    current=lambda conn: [_LAST],
)
