"""A year of dinners through the real writer: parties sit, order, eat and pay, cooks bump, and each night ends with a Z."""

import heapq
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from random import Random

import msgspec

from edge import app as root
from edge.app import Edge
from edge.devices.keys import digest_of_key
from edge.engine.asks import CONSOLE, EDGE, Ask, Asker
from edge.engine.log import head_seq
from edge.settings import Settings
from installer.bench.venue import DEVICES, ITEMS, PIN, price_of, seed
from shared.commands import Command
from shared.commands.base import CommandAsk
from shared.commands.cash import CloseDay, CountDrawer, OpenDrawer
from shared.commands.devices import ApprovePairing, AskPairing
from shared.commands.kitchen import BumpTicket, FireCourse, PickUpCourse, SendLines, ShowTickets
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck
from shared.commands.payments import TakePayment
from shared.commands.staff import AddStaff, RecordSignIn, SignOut

PARTIES = 112  # an evening: with so many a year has a million entries
FIRST_EVENING_MS = 1_767_304_800_000  # 1 January 2026, seven in the evening in Buenos Aires
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
LAST_PARTY_MIN = 240  # after the evening began
PEAK_MIN = 150
CLOSE_MIN = 380
STEP_MIN = 5  # what happens meanwhile is asked in one request
FLOAT_MINOR = 50_000_00
#: The screens: their app, and who is signed in there.
SCREENS = {"phone": ("waiter", "ana"), "till": ("pos", "mara"), "pass": ("kds", "")}
#: Minutes after a party sat down, and what it does then.
COURSE_OF_A_PARTY = (
    (0, "orders"),
    (12, "cooked"),
    (18, "served"),
    (35, "orders"),
    (50, "cooked"),
    (56, "served"),
    (90, "pays"),
)

Progress = Callable[[int], None]  # entries so far


class Party(msgspec.Struct):
    """Who eats together, on one check."""

    check_id: str
    table_id: str = ""  # none at the counter
    total_minor: int = 0
    courses: int = 0


class Moment(msgspec.Struct, frozen=True, order=True):
    """Something that a party does."""

    at_min: float
    number: int
    what: str
    party: Party


def key_of(screen: str) -> str:
    """The key that a screen of the venue says hello with."""
    return f"{screen}-of-a-venue-that-is-only-measured"


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator["Dinners"]:
    """The venue in that folder, set up if it is new. Its time is that of the last command."""
    async with root.deciding(Settings(data_dir=folder, clock="commands")) as edge:
        dinners = Dinners(edge)
        if not dinners.entries:
            await dinners.set_up()
        yield dinners


async def play(folder: Path, entries: int, *, parties: int = PARTIES, progress: Progress = lambda done: None) -> int:
    """Evenings until the log has so many entries and the room is full; how many evenings that took."""
    async with opened(folder) as dinners:
        for evening in count():
            await dinners.begin(evening, parties)
            while (at_min := await dinners.go_on()) < CLOSE_MIN:
                progress(dinners.entries)
                if dinners.entries >= entries and at_min >= PEAK_MIN:
                    return evening + 1
            await dinners.close()
    raise AssertionError("there is always another evening")


class Dinners:
    """What happens in the venue, evening after evening; the same each time it is played."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self._chance = Random(20261201)
        self._numbers = count(1)  # of moments
        self._evening = 0
        self._now_min = 0
        self._moments: list[Moment] = []
        self._free: list[str] = []
        self._cash_minor = 0

    @property
    def entries(self) -> int:
        """How many entries the log has."""
        return self.edge.reads.run_here(head_seq)

    async def set_up(self) -> None:
        """A menu, tables, stations, two people and three screens."""
        asks = [
            CommandAsk(
                id=self.edge.clock.fresh_id(),
                name=one.name,
                body=msgspec.Raw(msgspec.json.encode(one.body)),
                asked_at_ms=self._ms,
            )
            for one in seed()
        ]
        _must_be_done(await self.edge.door.ask(asks, CONSOLE))
        mara = AddStaff(staff_id="mara", staff_name="Mara", role="manager", pin=PIN)
        _must_be_done([await self.edge.door.ask_one(mara, CONSOLE)])
        for screen, (app, _) in SCREENS.items():
            asked = AskPairing(
                pairing_id=screen, code="123456", app=app, device_name=screen, key_digest=digest_of_key(key_of(screen))
            )
            drawer_id = screen if app == "pos" else ""
            await self._do(
                self._ask(EDGE, asked),
                self._ask(CONSOLE, ApprovePairing(pairing_id=screen, role=app, drawer_id=drawer_id)),
            )

    async def begin(self, evening: int, parties: int) -> None:
        """People sign in, the drawer is opened, and it is known who will come."""
        self._evening, self._now_min, self._cash_minor = evening, 0, FLOAT_MINOR
        self._free = [f"t{number}" for number in range(1, DEVICES + 1)]
        for _ in range(parties):
            party, sat_min = Party(check_id=""), self._chance.uniform(0, LAST_PARTY_MIN)
            for after_min, what in COURSE_OF_A_PARTY:
                heapq.heappush(self._moments, Moment(sat_min + after_min, next(self._numbers), what, party))
        await self._do(
            *(
                self._ask(EDGE, RecordSignIn(session_id=self._session(who), staff_id=who, on_device_id=screen))
                for screen, (_, who) in SCREENS.items()
                if who
            ),
            self._at("till", OpenDrawer(session_id=self._drawer, drawer_id="till", float_minor=FLOAT_MINOR)),
        )

    async def go_on(self) -> int:
        """What happens in the next minutes, in one request; how many minutes the evening has lasted."""
        asks: list[Ask] = []
        upto_min = self._now_min + STEP_MIN
        while self._moments and self._moments[0].at_min < upto_min:
            moment = heapq.heappop(self._moments)
            self._now_min = int(moment.at_min)
            asks += self._asks_of(moment.what, moment.party)
        self._now_min = upto_min
        await self._do(*asks)
        return upto_min

    async def close(self) -> None:
        """The drawer is counted, the Z is made, and people go home."""
        await self._do(
            self._at("till", CountDrawer(session_id=self._drawer, counted_minor=self._cash_minor)),
            self._at("till", CloseDay()),
            *(self._at(screen, SignOut(session_id=self._session(who))) for screen, (_, who) in SCREENS.items() if who),
        )

    def a_sale(self) -> Iterator[Ask]:
        """A sale at the counter, command by command, each a second after the one before."""
        at_ms = self.edge.clock.now_ms()
        check_id = self.edge.clock.fresh_id()
        lines, total_minor = self._lines(course=1)
        for number, command in enumerate(
            (
                OpenCheck(check_id=check_id, kind="counter"),
                AddLines(check_id=check_id, lines=lines),
                SendLines(check_id=check_id, fire_all=True),
                TakePayment(
                    payment_id=self.edge.clock.fresh_id(),
                    check_id=check_id,
                    tender="card",
                    amount_minor=total_minor,
                    reference="0042",
                ),
            ),
            start=1,
        ):
            yield msgspec.structs.replace(self._ask(CONSOLE, command), asked_at_ms=at_ms + number * 1_000)

    @property
    def _ms(self) -> int:
        return FIRST_EVENING_MS + self._evening * DAY_MS + self._now_min * MINUTE_MS

    @property
    def _drawer(self) -> str:
        return f"till-{self._evening}"

    def _session(self, who: str) -> str:
        return f"{who}-{self._evening}"

    def _ask(self, asker: Asker, command: Command, session: str = "") -> Ask:
        return Ask(
            id=self.edge.clock.fresh_id(),
            name=str(command.__struct_config__.tag),
            command=command,
            asker=asker,
            asked_at_ms=self._ms,
            staff_session=session,
        )

    def _at(self, screen: str, command: Command) -> Ask:
        app, who = SCREENS[screen]
        return self._ask(Asker(screen, app), command, self._session(who) if who else "")

    async def _do(self, *asks: Ask) -> None:
        for start in range(0, len(asks), 200):
            _must_be_done(await self.edge.writer.ask(asks[start : start + 200]))

    def _asks_of(self, what: str, party: Party) -> Iterator[Ask]:
        match what:
            case "orders":
                yield from self._order(party)
            case "cooked":
                tickets = self._tickets(party)
                yield self._at("pass", ShowTickets(ticket_ids=tickets))
                yield from (self._at("pass", BumpTicket(ticket_id=ticket)) for ticket in tickets)
            case "served":
                yield self._at("phone", PickUpCourse(check_id=party.check_id, course=party.courses))
            case _:
                yield from self._pay(party)

    def _order(self, party: Party) -> Iterator[Ask]:
        if not party.courses:
            party.check_id = self.edge.clock.fresh_id()
            party.table_id = self._free.pop() if self._free else ""
            kind = "table" if party.table_id else "tab"
            yield self._at("phone", OpenCheck(check_id=party.check_id, kind=kind, table_id=party.table_id, name="Bar"))
        party.courses += 1
        lines, total_minor = self._lines(party.courses)
        party.total_minor += total_minor
        yield self._at("phone", AddLines(check_id=party.check_id, lines=lines))
        yield self._at("phone", SendLines(check_id=party.check_id))
        if party.courses > 1:  # the first is made at once, a later one when the waiter says so
            yield self._at("phone", FireCourse(check_id=party.check_id, course=party.courses))

    def _lines(self, course: int) -> tuple[tuple[LineAsk, ...], int]:
        """Some dishes, and what they cost."""
        dishes = [self._chance.randrange(ITEMS) for _ in range(self._chance.choice((2, 3, 3, 4)))]
        lines = tuple(
            LineAsk(
                line_id=self.edge.clock.fresh_id(),
                item_id=f"dish{dish}",
                modifier_ids=("point/rare",) if dish % 5 == 0 else (),
                course=course,
            )
            for dish in dishes
        )
        return lines, sum(map(price_of, dishes))

    def _tickets(self, party: Party) -> tuple[str, ...]:
        sql = "SELECT ticket_id FROM ticket WHERE check_id = ? AND state = 'open'"
        rows = self.edge.reads.run_here(lambda conn: conn.execute(sql, (party.check_id,)).fetchall())
        return tuple(str(id) for (id,) in rows)

    def _pay(self, party: Party) -> Iterator[Ask]:
        """Half of the parties pay in cash, and each tenth in two parts."""
        parts = [party.total_minor]
        if self._chance.random() < 0.1:
            parts = [party.total_minor // 2, party.total_minor - party.total_minor // 2]
        for amount_minor in parts:
            payment = TakePayment(
                payment_id=self.edge.clock.fresh_id(),
                check_id=party.check_id,
                tender="card",
                amount_minor=amount_minor,
                tip_minor=amount_minor // 10,
                reference="0042",
            )
            if self._chance.random() < 0.5:
                tendered_minor = amount_minor + amount_minor // 10 + 500_00
                payment = msgspec.structs.replace(payment, tender="cash", tendered_minor=tendered_minor, reference="")
                self._cash_minor += amount_minor + payment.tip_minor
            yield self._at("till", payment)
        if party.table_id:
            self._free.append(party.table_id)


def _must_be_done(answers: Iterable[object]) -> None:
    refused = [answer for answer in answers if getattr(answer, "outcome", "") != "done"]
    assert not refused, refused[:3]
