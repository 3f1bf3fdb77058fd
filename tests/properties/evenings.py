"""Random evenings: what waiters, cooks, cashiers and phones ask, in any order, for the properties of the whole venue."""

import os

import msgspec
from hypothesis import strategies as st

from shared.commands import Command
from shared.commands.guests import (
    AnswerCall,
    AskBill,
    CallWaiter,
    ChangeDraft,
    ClaimDraft,
    ExpireDrafts,
    JoinTable,
    PauseDrafts,
    RejectDraft,
    ReleaseDraft,
    ResumeDrafts,
    SubmitDraft,
    WithdrawDraft,
)
from shared.commands.kitchen import BumpTicket, FireCourse, PickUpCourse, RecallTicket, SeeTicketChange, SendLines
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.commands.ordering import (
    AbandonCheck,
    AddLines,
    AdjustCheck,
    AdjustLine,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    RemoveAdjustment,
    SetCovers,
    VoidLine,
)
from shared.commands.payments import TakePayment
from tests.service import MENU, TABLES, Service

#: How many long evenings each property plays: the same each time, and in `make prove` many more that are new.
MANY = 1_000 if os.environ.get("HYPOTHESIS_PROFILE") == "prove" else 100

#: Few of each, so that sequences meet.
DRAFTS = st.sampled_from(("d1", "d2", "d3"))
CHECKS = st.sampled_from(("c1", "c2"))
LINES = st.sampled_from(("l1", "l2", "l3", "l4"))
ITEMS = st.sampled_from(("agua", "empanada", "bife", "flan"))
COURSES = st.integers(1, 3)
PHONES = st.sampled_from(("phone:p1", "phone:p2"))
WAITERS = st.sampled_from(("ana", "leo", "mara"))
ADJUSTMENTS = st.integers(1, 30).map(lambda n: f"a{n}")
CALLS = st.sampled_from(("g1", "g2", "g3"))
#: Stands for the balance of the check, when the command is asked.
ALL_OF_IT = 0
DEARER = msgspec.structs.replace(
    MENU, items=tuple(msgspec.structs.replace(item, price_minor=item.price_minor + 100) for item in MENU.items)
)
#: Stands for the id of a ticket, which only the edge knows: the n-th there is when the command is asked.
TICKETS = st.sampled_from(("#0", "#1", "#2"))


def adjustments(checks: st.SearchStrategy[str], lines: st.SearchStrategy[str]) -> st.SearchStrategy[Command]:
    """Something taken off, put on top or given away: of a whole check or a line."""
    how = {
        "adjustment_id": ADJUSTMENTS,
        "check_id": checks,
        "rate_bp": st.sampled_from((0, 1000, 3333, 10_000)),
        "amount_minor": st.sampled_from((0, 0, 1, 333_33, 1_500_00)),
        "reason": st.just("prueba"),
    }
    kinds = ("discount", "comp", "surcharge")
    return st.one_of(
        st.builds(AdjustCheck, kind=st.sampled_from((*kinds, "service")), **how),
        st.builds(AdjustLine, line_id=lines, kind=st.sampled_from(kinds), quantity=st.integers(0, 2), **how),
        st.builds(
            AdjustLine,
            line_id=lines,
            kind=st.just("comp"),
            adjustment_id=ADJUSTMENTS,
            check_id=checks,
            reason=st.just("x"),
        ),
    )


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
        st.builds(CallWaiter, call_id=CALLS),
        st.builds(AskBill, call_id=CALLS, tender=st.sampled_from(("", "cash"))),
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
        st.builds(PrintGuestCheck, check_id=CHECKS),
        st.builds(AbandonCheck, check_id=CHECKS),
        adjustments(CHECKS, LINES),
        st.builds(RemoveAdjustment, check_id=CHECKS, adjustment_id=ADJUSTMENTS),
        st.builds(AnswerCall, call_id=CALLS),
        st.builds(
            TakePayment,
            payment_id=st.sampled_from(("y1", "y2", "y3")),
            check_id=CHECKS,
            tender=st.just("card"),
            amount_minor=st.sampled_from((ALL_OF_IT, 1_000_00, 1_200_00, 1_500_00)),  # a part, or just one dish
            reference=st.just("4711"),
        ),
    ),
    by(
        st.just("mara"),
        st.builds(PublishMenu, menu=st.sampled_from((MENU, DEARER))),
        st.builds(PauseDrafts),
        st.builds(ResumeDrafts),
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


def named(service: Service, command: Command) -> Command:
    """The command with what only the edge knows: the ticket that its number stands for, the balance."""
    if isinstance(command, TakePayment) and command.amount_minor == ALL_OF_IT:
        rows = service.rows("SELECT total_minor - paid_minor FROM checks WHERE check_id = ?", command.check_id)
        return msgspec.structs.replace(command, amount_minor=rows[0][0] if rows else 1)
    if not isinstance(command, BumpTicket | RecallTicket | SeeTicketChange):
        return command
    ids = service.rows("SELECT ticket_id FROM ticket ORDER BY number")
    place = int(command.ticket_id[1:])
    return type(command)(ticket_id=ids[place][0] if place < len(ids) else "none")


@st.composite
def evenings(draw: st.DrawFn, *, longest: int) -> tuple[list[tuple[str, Command]], list[int]]:
    """Steps, and how long after the one before each is asked."""
    steps = SEATED + draw(st.lists(STEPS, min_size=longest // 2, max_size=longest))
    gap = st.sampled_from((0, 1_000, 30_000, 100_000))
    return steps, draw(st.lists(gap, min_size=len(steps), max_size=len(steps)))
