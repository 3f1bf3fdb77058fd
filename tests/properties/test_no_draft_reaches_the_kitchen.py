"""No draft ever becomes a ticket without a waiter's confirm, whatever devices and phones ask, in whatever order."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.commands import Command
from shared.commands.guests import (
    CallWaiter,
    ChangeDraft,
    ClaimDraft,
    ExpireDrafts,
    JoinTable,
    RejectDraft,
    ReleaseDraft,
    SubmitDraft,
    WithdrawDraft,
)
from shared.commands.kitchen import BumpTicket, FireCourse, PickUpCourse, RecallTicket, SeeTicketChange, SendLines
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, RestoreItem
from shared.commands.ordering import (
    AddLines,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    SetCovers,
    VoidLine,
)
from shared.ops import decode
from shared.ops.guests import DraftConfirmed
from shared.ops.kitchen import TicketOpened
from shared.ops.ordering import LineChanged, LinesAdded
from tests.service import TABLES, Service, in_service

#: Few of each, so that sequences meet.
DRAFTS = st.sampled_from(("d1", "d2", "d3"))
CHECKS = st.sampled_from(("c1", "c2"))
LINES = st.sampled_from(("l1", "l2", "l3", "l4"))
ITEMS = st.sampled_from(("agua", "empanada", "bife", "flan"))
COURSES = st.integers(1, 3)
PHONES = st.sampled_from(("phone:p1", "phone:p2"))
WAITERS = st.sampled_from(("ana", "leo", "mara"))
#: Stands for the id of a ticket, which only the edge knows: the n-th there is when the command is asked.
TICKETS = st.sampled_from(("#0", "#1", "#2"))


@st.composite
def asks(draw: st.DrawFn) -> LineAsk:
    """One or two of something on the menu."""
    item_id = draw(ITEMS)
    return LineAsk(
        line_id=draw(LINES),
        item_id=item_id,
        quantity=draw(st.integers(1, 2)),
        modifier_ids=("punto/jugoso",) if item_id == "bife" else (),
    )


def lists() -> st.SearchStrategy[tuple[LineAsk, ...]]:
    """Lines with ids of their own."""
    return st.lists(asks(), min_size=1, max_size=3, unique_by=lambda ask: ask.line_id).map(tuple)


def by(who: st.SearchStrategy[str], *commands: st.SearchStrategy[Command]) -> st.SearchStrategy[tuple[str, Command]]:
    """One of the commands, asked by one of those."""
    return st.tuples(who, st.one_of(*commands))


def joined(phone: str) -> st.SearchStrategy[tuple[str, Command]]:
    """The phone scans a table's code."""
    return st.sampled_from(TABLES).map(
        lambda table: ("edge", JoinTable(table_id=table, phone_id=phone, generation=1, visit_id=f"v-{phone}-{table}"))
    )


STEPS = st.one_of(
    joined("p1"),
    joined("p2"),
    by(
        PHONES,
        st.builds(SubmitDraft, draft_id=DRAFTS, lines=lists(), allergies=st.sampled_from(((), ("peanut",)))),
        st.builds(ChangeDraft, draft_id=DRAFTS, lines=lists()),
        st.builds(WithdrawDraft, draft_id=DRAFTS),
        st.builds(CallWaiter, call_id=st.sampled_from(("g1", "g2"))),
    ),
    by(
        WAITERS,
        st.builds(ClaimDraft, draft_id=DRAFTS),
        st.builds(ReleaseDraft, draft_id=DRAFTS),
        st.builds(RejectDraft, draft_id=DRAFTS, reason=st.just("other")),
        st.builds(ConfirmDraft, draft_id=DRAFTS, check_id=CHECKS, lines=st.none() | lists()),
    ),
    by(
        WAITERS,
        st.builds(OpenCheck, check_id=CHECKS, table_id=st.sampled_from(TABLES), covers=st.integers(0, 4)),
        st.builds(AddLines, check_id=CHECKS, lines=lists()),
        st.builds(ChangeLine, check_id=CHECKS, line=asks()),
        st.builds(VoidLine, check_id=CHECKS, line_id=LINES, quantity=st.integers(0, 2), reason=st.just("prueba")),
        st.builds(SetCovers, check_id=CHECKS, covers=st.integers(0, 4)),
        st.builds(MoveCheck, check_id=CHECKS, table_id=st.sampled_from(TABLES)),
    ),
    by(
        WAITERS,
        st.builds(SendLines, check_id=CHECKS, fire_all=st.booleans()),
        st.builds(FireCourse, check_id=CHECKS, course=COURSES),
        st.builds(PickUpCourse, check_id=CHECKS, course=COURSES),
    ),
    by(
        st.just("kds"),
        st.builds(BumpTicket, ticket_id=TICKETS),
        st.builds(RecallTicket, ticket_id=TICKETS),
        st.builds(SeeTicketChange, ticket_id=TICKETS),
        st.builds(EightySixItem, item_id=ITEMS),
        st.builds(RestoreItem, item_id=ITEMS),
    ),
    st.just(("edge", ExpireDrafts())),
    by(PHONES, st.builds(SubmitDraft, draft_id=DRAFTS, lines=lists())),
    by(WAITERS, st.builds(ConfirmDraft, draft_id=DRAFTS, check_id=CHECKS)),
    by(WAITERS, st.builds(SendLines, check_id=CHECKS)),
)
#: Where every evening begins, so that most of what follows meets something: a phone at each table.
SEATED: list[tuple[str, Command]] = [
    ("edge", JoinTable(table_id=table, phone_id=phone, generation=1, visit_id=f"v-{phone}"))
    for phone, table in zip(("p1", "p2"), TABLES, strict=True)
]


def assert_confirmed_first(service: Service) -> None:
    """Reads the log alone: at each ticket, the drafts of its lines were confirmed in an entry before it."""
    confirmed: set[str] = set()
    draft_of: dict[tuple[str, str], str] = {}
    for kind, body in service.rows("SELECT kind, body FROM log ORDER BY seq"):
        match decode(kind, body):
            case DraftConfirmed() as op:
                confirmed.add(op.draft_id)
            case LinesAdded() as op:
                draft_of |= {(op.check_id, line.line_id): line.draft_id for line in op.lines}
            case LineChanged() as op:
                draft_of[op.check_id, op.line.line_id] = op.line.draft_id
            case TicketOpened() as op:
                drafts = {draft_of[op.check_id, line.line_id] for line in op.lines} - {""}
                assert drafts <= confirmed, f"ticket {op.ticket_id} makes lines of {drafts - confirmed}"


async def _play(folder: Path, steps: list[tuple[str, Command]], gaps_ms: list[int]) -> int:
    """Ask all of it, then look at the log and at every table; how many tickets lines of drafts got."""
    async with in_service(folder) as service:
        at_ms = 0
        for (who, command), gap_ms in zip(steps, gaps_ms, strict=True):
            at_ms += gap_ms
            answers = await service.ask(who, _named(service, command), at_ms=at_ms)
            assert answers[0].outcome in {"done", "refused"}, (who, command, answers)
        assert_confirmed_first(service)
        assert service.problems() == []
        for kind in ("check", "ticket", "waiting_course", "attention"):
            service.views(kind)
        ((made,),) = service.rows(
            "SELECT COUNT(*) FROM ticket_line t JOIN check_line l USING (check_id, line_id) WHERE l.draft_id <> ''"
        )
        return int(made)


def _named(service: Service, command: Command) -> Command:
    if not isinstance(command, BumpTicket | RecallTicket | SeeTicketChange):
        return command
    ids = service.rows("SELECT ticket_id FROM ticket ORDER BY number")
    place = int(command.ticket_id[1:])
    return type(command)(ticket_id=ids[place][0] if place < len(ids) else "none")


def play(steps: list[tuple[str, Command]], gaps_ms: list[int]) -> int:
    """An evening of these steps in a new venue."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_play(Path(folder), steps, gaps_ms))


@st.composite
def evenings(draw: st.DrawFn, *, longest: int) -> tuple[list[tuple[str, Command]], list[int]]:
    """Steps, and how long after the one before each is asked."""
    steps = SEATED + draw(st.lists(STEPS, min_size=longest // 2, max_size=longest))
    gap = st.sampled_from((0, 1_000, 30_000, 100_000))
    return steps, draw(st.lists(gap, min_size=len(steps), max_size=len(steps)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evenings(longest=40))
def test_no_draft_becomes_a_ticket_without_a_confirm(evening: tuple[list[tuple[str, Command]], list[int]]) -> None:
    play(*evening)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evenings(longest=80))
def test_no_draft_becomes_a_ticket_in_many_long_evenings(
    evening: tuple[list[tuple[str, Command]], list[int]],
) -> None:
    play(*evening)


def test_a_confirmed_draft_does_become_a_ticket() -> None:
    """The property above must not hold for want of tickets."""
    lines = (LineAsk(line_id="l1", item_id="empanada"),)
    steps: list[tuple[str, Command]] = [
        ("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1")),
        ("phone:p1", SubmitDraft(draft_id="d1", lines=lines)),
        ("ana", ConfirmDraft(draft_id="d1", check_id="c1")),
        ("ana", SendLines(check_id="c1")),
    ]
    assert play(steps, [0] * len(steps)) == 1


async def test_verify_names_a_ticket_whose_draft_nobody_confirmed(tmp_path: Path) -> None:
    lines = (LineAsk(line_id="l1", item_id="empanada"),)
    async with in_service(tmp_path) as service:
        await service.do("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1"))
        await service.do("phone:p1", SubmitDraft(draft_id="d1", lines=lines))
        await service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1"), SendLines(check_id="c1"))
        assert service.problems() == []
        await service.writer.job(lambda conn: conn.execute("UPDATE draft SET state = 'submitted'").rowcount)
        assert any("draft d1, which is submitted" in problem for problem in service.problems())
