"""The menu and what is sold out, as devices see them."""

from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import Key, View
from edge.menu import reads
from edge.staff.reads import REVISION, WHO, revision_of
from shared.views.menu import MenuView, SoldOutView
from shared.views.shown import ShownMenu, shown

_SCREENS = frozenset({"waiter", "pos", "kds", "manage", "console"})
_REVISION = f"SELECT {REVISION} FROM menu_version t {WHO} WHERE t.version = ?"


def menu(conn: Connection, keys: list[str]) -> Mapping[str, MenuView]:
    """The menu in force, once one was published."""
    newest = reads.newest_menu(conn)
    if newest is None:
        return {}
    last = revision_of(conn.execute(_REVISION, (newest.version,)).fetchone())
    return {
        "menu": MenuView(
            version=newest.version,
            published_at_ms=newest.published_at_ms,
            menu=shown(newest.menu, ShownMenu),
            rev=last.rev,
            changed_by_name=last.changed_by_name,
            changed_at_ms=last.changed_at_ms,
        )
    }


def sold_out(conn: Connection, item_ids: list[str]) -> Mapping[str, SoldOutView]:
    """Items that are out, by id."""
    marks = ",".join("?" * len(item_ids))
    rows = conn.execute(f"SELECT item_id, name, since_ms FROM item_86 WHERE item_id IN ({marks})", item_ids)
    return {id: SoldOutView(item_id=id, name=name, since_ms=since_ms) for id, name, since_ms in rows}


def _always_menu(key: Key) -> str:
    return "menu"


def _item_id(key: Key) -> str:
    return str(key["item_id"])


def _the_menu(conn: Connection) -> list[str]:
    return ["menu"]


def _all_sold_out(conn: Connection) -> list[str]:
    return list(reads.sold_out(conn))


MENU = View(kind="menu", roles=_SCREENS, touches={"menu_version": _always_menu}, load=menu, current=_the_menu)
SOLD_OUT = View(kind="sold_out", roles=_SCREENS, touches={"item_86": _item_id}, load=sold_out, current=_all_sold_out)
