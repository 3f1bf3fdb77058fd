"""A venue as the composition root builds it: paired screens, people with PINs, and the real context of each command."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from edge import app as root
from edge.app import Edge
from edge.devices.keys import digest_of_key
from edge.engine.asks import Ask, Asker
from edge.engine.projector import verify
from edge.settings import settings_of
from shared.commands import Command, CommandAnswer
from shared.commands.base import digest_of
from shared.commands.devices import ApprovePairing, AskPairing
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck
from shared.commands.payments import TakePayment
from shared.commands.staff import AddStaff, RecordApproval, RecordSignIn
from tests.service import START_MS, opening_time

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
PIN = "271828"
_IDS = count(1)  # over all venues of a run: one that is opened again must not ask under an id of before
#: Who works here: the screen in their hands, its app, and their role.
STAFF = {
    "ana": ("phone", "waiter", "waiter"),
    "caro": ("till", "pos", "cashier"),
    "mara": ("till2", "pos", "manager"),
}
#: Who works here only where a test adds them.
EXTRA = {
    "leo": ("phone2", "waiter", "waiter"),
}


class RealVenue:
    """Commands are asked by people's names, by a screen nobody is signed in on, by `console` and `edge`, or by a `guest:<phone>`."""

    def __init__(self, edge: Edge, ids: Iterator[int] = _IDS) -> None:
        self.edge = edge
        self._ids = ids

    async def ask(
        self, who: str, *commands: Command, at_ms: int = 0, approval: str = "", id: str = ""
    ) -> CommandAnswer:
        """What became of the last of the commands."""
        answers = await self.edge.writer.ask([self._ask(who, command, at_ms, approval, id) for command in commands])
        return answers[-1]

    async def do(self, who: str, *commands: Command, at_ms: int = 0) -> None:
        """Ask, and every command must be done."""
        answers = await self.edge.writer.ask([self._ask(who, command, at_ms, "", "") for command in commands])
        assert [answer.outcome for answer in answers] == ["done"] * len(commands), answers

    async def play(self, *asked: tuple[int, str, Sequence[Command]]) -> None:
        """Ask each at its time, all in one request, and every command must be done."""
        asks = [self._ask(who, one, at_ms, "", "") for at_ms, who, commands in asked for one in commands]
        answers = await self.edge.writer.ask(asks)
        refused = [(ask.command, answer) for ask, answer in zip(asks, answers, strict=True) if answer.outcome != "done"]
        assert refused == []

    async def code(self, who: str, command: Command, *, at_ms: int = 0, approval: str = "") -> str:
        """The code that a command is refused with; empty when it is done."""
        return (await self.ask(who, command, at_ms=at_ms, approval=approval)).code

    async def serve(self, check_id: str, *, at_ms: int = 0, items: tuple[str, ...] = ("empanada",)) -> None:
        """A counter check with these items, sent to the kitchen; not paid."""
        lines = tuple(LineAsk(line_id=f"{check_id}-{n}", item_id=item) for n, item in enumerate(items))
        await self.do(
            "ana",
            OpenCheck(check_id=check_id, kind="counter"),
            AddLines(check_id=check_id, lines=lines),
            SendLines(check_id=check_id),
            at_ms=at_ms,
        )

    async def pay_by_card(self, check_id: str, amount_minor: int, *, at_ms: int = 0) -> None:
        """A card slip for so much."""
        payment = TakePayment(
            payment_id=f"p-{check_id}-{next(self._ids)}",
            check_id=check_id,
            tender="card",
            amount_minor=amount_minor,
            reference="0042",
        )
        await self.do("ana", payment, at_ms=at_ms)

    async def approve(self, command_id: str, command: Command, *, by: str = "mara", at_ms: int = 0) -> str:
        """The id of an approval of one command, as the approval route records it."""
        approval = f"ok{next(self._ids)}"
        record = RecordApproval(
            approval_id=approval,
            approver_id=by,
            for_command_id=command_id,
            for_command_name=str(command.__struct_config__.tag),
            for_digest=digest_of(command).hex(),
        )
        await self.do("edge", record, at_ms=at_ms)
        return approval

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What is committed."""
        return self.edge.reads.run_here(lambda conn: list(conn.execute(sql, values)))

    def views(self, kind: str, *keys: str) -> Mapping[str, Any]:
        """Views as devices get them; all current ones when no key is named."""
        view = next(view for one in root.SLICES for view in one.views if view.kind == kind)
        return self.edge.reads.run_here(lambda conn: view.load(conn, list(keys) or view.current(conn)))

    def touched_keys(self, kind: str, table: str, key: Mapping[str, str]) -> set[str]:
        """The views of a kind that a touched row changes, as the feed finds them."""
        view = next(view for one in root.SLICES for view in one.views if view.kind == kind)
        name = view.touches[table](key)
        resolve = view.resolve
        return self.edge.reads.run_here(lambda conn: {*resolve(conn, [str(name)])}) if resolve else {str(name)}

    def problems(self) -> list[str]:
        """Everything that `verify` finds wrong."""

        def check(conn: sqlite3.Connection) -> list[str]:
            return verify(conn, self.edge.projector, root.SLICES)

        return self.edge.reads.run_here(check)

    def _ask(self, who: str, command: Command, at_ms: int, approval: str, id: str) -> Ask:
        if who in {"console", "edge"}:
            asker, session = Asker(who, who), ""
        elif who.startswith("guest:"):
            asker, session = Asker(who, "guest"), ""
        elif who in STAFF or who in EXTRA:
            device_id, app, _ = STAFF.get(who) or EXTRA[who]
            asker, session = Asker(device_id, app), f"s-{who}"
        else:
            asker, session = Asker(who, "pos"), ""
        return Ask(
            id=id or f"ask{next(self._ids)}",
            name=str(command.__struct_config__.tag),
            command=command,
            asker=asker,
            asked_at_ms=START_MS + at_ms,
            staff_session=session,
            approval=approval,
        )


async def pair(venue: RealVenue, device_id: str, app: str, *, drawer_id: str = "") -> None:
    """A screen asks to be let in, and is; its key is its id."""
    await venue.do(
        "edge",
        AskPairing(
            pairing_id=device_id, code="123456", app=app, device_name=device_id, key_digest=digest_of_key(device_id)
        ),
    )
    await venue.do("console", ApprovePairing(pairing_id=device_id, role=app, drawer_id=drawer_id))


@contextlib.asynccontextmanager
async def a_real_venue(
    folder: Path, *, pin_hash: str = "not a hash", ids: Iterator[int] = _IDS
) -> AsyncIterator[RealVenue]:
    """An open venue with its people signed in. Their PINs match nothing unless a hash is given; `ids` number its asks."""
    settings = settings_of({"HOS_DATA_DIR": str(folder / "venue"), "HOS_CLOCK": "commands"})
    async with root.deciding(settings) as edge:
        venue = RealVenue(edge, ids)
        await venue.do("console", *opening_time())
        for staff_id, (device_id, app, role) in STAFF.items():
            await pair(venue, device_id, app, drawer_id=device_id if app == "pos" else "")
            await venue.do("console", AddStaff(staff_id=staff_id, staff_name=staff_id.title(), role=role, pin=pin_hash))
            await venue.do("edge", RecordSignIn(session_id=f"s-{staff_id}", staff_id=staff_id, on_device_id=device_id))
        yield venue
