"""Where a spreadsheet of the menu is looked at and published by whoever may: the rows that are wrong, and what would change."""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from litestar import Request, Router, post
from litestar.params import QueryParameter

from edge.engine.asks import Asker, Authenticate, only_for
from edge.engine.door import Door
from edge.engine.lookups import Lookups
from edge.menu.load import InForce, in_force
from edge.menu.spreadsheet.files import read_file
from edge.menu.spreadsheet.reading import Reading, read
from edge.menu.spreadsheet.reasons import fault as fault_words
from edge.menu.spreadsheet.reasons import reason
from edge.menu.spreadsheet.rows import BadFile
from shared.answers.menu import MenuReport, RefusedRow
from shared.answers.staff import SESSION_HEADER
from shared.commands.menu import PublishMenu
from shared.errors import Rejected
from shared.menu import Menu

MOST_BYTES = 4 * 1024 * 1024
MOST_SHOWN = 50
_OFFICES = frozenset({"manage", "pos", "console"})
_EMPTY = Menu(categories=(), items=())
_UNREAD = Reading(menu=_EMPTY, refused=(), doubts=(), notes=(), unknown_headings=(), unknown_sheets=())

#: What the person of a session may do on a device; raises Rejected when the session has ended.
MayOn = Callable[[Asker, str], Awaitable[frozenset[str]]]
FileName = Annotated[
    str, QueryParameter(name="name", description="the file's name: it says what kind it is", max_length=120)
]
Language = Annotated[Literal["es", "en"], QueryParameter(name="language", description="of the reasons")]
IsPublish = Annotated[bool, QueryParameter(name="publish", description="brings it into force when no row is refused")]


def router(lookups: Lookups, door: Door, authenticate: Authenticate, may_on: MayOn) -> Router:
    """POST /menu/spreadsheet, for whoever is signed in with `publish_menu`."""

    @post("/spreadsheet", status_code=200, request_max_body_size=MOST_BYTES)
    async def spreadsheet(
        request: Request[Any, Any, Any], name: FileName, language: Language = "es", publish: IsPublish = False
    ) -> MenuReport:
        """What a .xlsx or .csv file would change; with `publish` it is brought into force, unless a row is refused."""
        asker = authenticate(request.headers.get("authorization", ""))
        only_for(asker, _OFFICES)
        session = request.headers.get(SESSION_HEADER, "")
        if "publish_menu" not in await may_on(asker, session):
            raise Rejected("needs_permission", permission="publish_menu")
        content = await request.body()
        now = await lookups.run(in_force)
        try:
            reading = await asyncio.to_thread(_read, content, name, now, language)
        except BadFile as bad:
            return _report(_UNREAD, now, language, fault=fault_words(bad.code, bad.facts, language))
        if not reading.menu.items and not reading.refused:
            return _report(reading, now, language, fault=fault_words("nothing_to_sell", {}, language))
        if not publish or reading.refused or reading.doubts:
            return _report(reading, now, language)
        answer = await door.ask_one(PublishMenu(menu=reading.menu), asker, staff_session=session)
        if answer.outcome != "done":
            raise Rejected(answer.code, **answer.facts)
        after = await lookups.run(in_force)
        return _report(reading, now, language, version=_version_of(after))

    return Router("/menu", route_handlers=[spreadsheet])


def _version_of(now: InForce) -> int:
    return now.published.version if now.published else 0


def _read(content: bytes, name: str, now: InForce, language: str) -> Reading:
    """What the file says. Its kind is told by its name, and it is read where files are read.

    Raises:
        BadFile: it cannot be read at all.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="menu-")))
        path = folder / f"menu{Path(name).suffix}"
        path.write_bytes(content)
        return read(
            read_file(path),
            stations=now.stations,
            published=now.published.menu if now.published else None,
            currency=now.currency,
            comma="." if language == "en" else ",",
        )


def _report(reading: Reading, now: InForce, language: str, *, fault: str = "", version: int = 0) -> MenuReport:
    old = {item.id: item for item in now.published.menu.items} if now.published else {}
    new = {item.id: item for item in reading.menu.items}
    added = [item.name for id, item in new.items() if id not in old]
    changed = [item.name for id, item in new.items() if id in old and old[id] != item]
    removed = [] if fault else [item.name for id, item in old.items() if id not in new]
    wrong = (*reading.refused, *reading.doubts)  # what is doubted is accepted at the console alone
    rows = tuple(
        RefusedRow(
            sheet=one.sheet, row=one.row, column=one.column, value=one.value,
            reason=reason(one.code, one.facts, language),
        )
        for one in wrong
    )  # fmt: skip
    return MenuReport(
        fault=fault,
        refused=rows[:MOST_SHOWN],
        refused_rows=len({(one.sheet, one.row) for one in wrong}),
        ignored=(*reading.unknown_headings, *reading.unknown_sheets)[:MOST_SHOWN],
        items=len(new),
        added=tuple(added[:MOST_SHOWN]),
        added_count=len(added),
        changed=tuple(changed[:MOST_SHOWN]),
        changed_count=len(changed),
        removed=tuple(removed[:MOST_SHOWN]),
        removed_count=len(removed),
        version=version or _version_of(now),
        is_published=version > 0,
    )
