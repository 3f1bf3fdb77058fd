"""No draft ever becomes a ticket without a waiter's confirm, whatever devices and phones ask, in whatever order."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from evenings import MANY, evenings, named
from hypothesis import HealthCheck, given, settings

from shared.commands import Command
from shared.commands.guests import JoinTable, SubmitDraft
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import ConfirmDraft
from shared.ops import decode
from shared.ops.guests import DraftConfirmed
from shared.ops.kitchen import TicketOpened
from shared.ops.ordering import LineChanged, LinesAdded
from tests.service import Service, in_service


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
            answers = await service.ask(who, named(service, command), at_ms=at_ms)
            assert answers[0].outcome in {"done", "refused"}, (who, command, answers)
        assert_confirmed_first(service)
        assert service.problems() == []
        for kind in ("check", "ticket", "waiting_course", "attention", "draft", "guest"):
            service.views(kind)
        ((made,),) = service.rows(
            "SELECT COUNT(*) FROM ticket_line t JOIN check_line l USING (check_id, line_id) WHERE l.draft_id <> ''"
        )
        return int(made)


def play(steps: list[tuple[str, Command]], gaps_ms: list[int]) -> int:
    """An evening of these steps in a new venue."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_play(Path(folder), steps, gaps_ms))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evenings(longest=40))
def test_no_draft_becomes_a_ticket_without_a_confirm(evening: tuple[list[tuple[str, Command]], list[int]]) -> None:
    play(*evening)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
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
