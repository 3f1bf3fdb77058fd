"""The rules of the kitchen, one at a time."""

from kitchen_builders import NOW_MS, a_check, a_line, a_ticket, at_work, by, rejects, sending, to_make

from edge.kitchen import decide
from edge.kitchen.state import OnPass, StationSetUp
from shared.commands.kitchen import (
    BumpLine,
    BumpTicket,
    ConfigureStation,
    FireCourse,
    PickUpCourse,
    RecallTicket,
    SeeTicketChange,
    SendLines,
)
from shared.ids import CheckId, GroupId, LineId, ModifierId
from shared.lines import ChosenModifier
from shared.ops import Op
from shared.ops.kitchen import CourseReady, LinesSent, TicketBumped, TicketOpened, TicketRecalled

BUMP = BumpTicket(ticket_id="k1")


def tickets(ops: list[Op]) -> list[tuple[int, str, int, list[str]]]:
    """Number, station, course and lines of each ticket."""
    return [
        (op.number, op.station_id, op.course, [line.line_id for line in op.lines])
        for op in ops
        if isinstance(op, TicketOpened)
    ]


def fired(ops: list[Op]) -> dict[str, bool]:
    """Which of the lines sent are made at once."""
    return {line.line_id: line.is_fired for op in ops if isinstance(op, LinesSent) for line in op.lines}


# sending


def test_the_first_send_fires_its_lowest_course_only() -> None:
    state = sending(a_line("a", course=2), a_line("b", course=1), a_line("c", course=2))
    ops = decide.send_lines(SendLines(check_id="c1"), state, by())
    assert fired(ops) == {"a": False, "b": True, "c": False}
    assert tickets(ops) == [(41, "parrilla", 1, ["b"])]


def test_each_station_gets_its_own_ticket_and_knows_of_the_others() -> None:
    state = sending(a_line("a"), a_line("b", station="barra"), a_line("c"))
    ops = decide.send_lines(SendLines(check_id="c1"), state, by())
    assert tickets(ops) == [(41, "parrilla", 1, ["a", "c"]), (42, "barra", 1, ["b"])]
    assert [op.also_at for op in ops if isinstance(op, TicketOpened)] == [("Barra",), ("Parrilla",)]


def test_what_belongs_to_a_course_under_way_is_made_at_once() -> None:
    first = a_line("a", course=2, state="sent", fired_at_ms=5)
    state = sending(first, a_line("b", course=1), a_line("c", course=2), a_line("d", course=3))
    ops = decide.send_lines(SendLines(check_id="c1"), state, by())
    assert fired(ops) == {"b": True, "c": True, "d": False}


def test_a_course_that_was_fired_and_voided_is_under_way_still() -> None:
    state = sending(a_line("a", course=2, state="void", fired_at_ms=5), a_line("b", course=3))
    assert fired(decide.send_lines(SendLines(check_id="c1"), state, by())) == {"b": False}


def test_at_the_counter_and_when_asked_everything_is_made_as_one_course() -> None:
    lines = (a_line("a", course=3), a_line("b", course=1))
    for command, check in (
        (SendLines(check_id="c1"), a_check(kind="counter")),
        (SendLines(check_id="c1", fire_all=True), a_check()),
    ):
        ops = decide.send_lines(command, sending(*lines, check=check), by())
        assert fired(ops) == {"a": True, "b": True}
        assert tickets(ops) == [(41, "parrilla", 1, ["a", "b"])]


def test_only_the_lines_named_are_sent() -> None:
    state = sending(a_line("a"), a_line("b"))
    assert fired(decide.send_lines(SendLines(check_id="c1", line_ids=("b",)), state, by())) == {"b": True}


def test_a_line_is_sent_once_and_only_while_it_stands() -> None:
    state = sending(a_line("a", state="sent", fired_at_ms=1), a_line("b", state="void"))
    for line_id, code in (("a", "line_sent"), ("b", "line_void"), ("x", "line_unknown")):
        with rejects(code):
            decide.send_lines(SendLines(check_id="c1", line_ids=(line_id,)), state, by())
    with rejects("nothing_to_send"):
        decide.send_lines(SendLines(check_id="c1"), state, by())
    with rejects("check_closed"):
        decide.send_lines(SendLines(check_id="c1"), sending(a_line("a"), check=a_check(state="closed")), by())


def test_a_ticket_says_the_short_name_the_variant_and_the_modifiers() -> None:
    line = a_line(
        "a",
        short_name="Bife",
        variant_name="Grande",
        modifiers=(ChosenModifier(group_id=GroupId("g"), modifier_id=ModifierId("m"), name="SIN sal", price_minor=0),),
        allergies=("peanut",),
        note="bien caliente",
    )
    ops = decide.send_lines(SendLines(check_id="c1"), sending(line), by())
    (made,) = [line for op in ops if isinstance(op, TicketOpened) for line in op.lines]
    assert (made.name, made.modifiers) == ("Bife", ("Grande", "SIN sal"))
    assert (made.allergies, made.note) == (("peanut",), "bien caliente")


def test_a_course_that_waits_is_fired_once() -> None:
    waiting = a_line("b", course=2, state="sent")
    state = sending(a_line("a", state="sent", fired_at_ms=1), waiting, a_line("c", course=2))
    ops = decide.fire_course(FireCourse(check_id="c1", course=2), state, by())
    assert ops[0].line_ids == ("b",)  # type: ignore[attr-defined]
    assert tickets(ops) == [(41, "parrilla", 2, ["b"])]
    with rejects("course_unknown", course=1):
        decide.fire_course(FireCourse(check_id="c1", course=1), state, by())


# bumping


def test_the_last_ticket_of_a_course_calls_the_waiter() -> None:
    other = a_ticket("k2", to_make("l2", quantity=2, name="Papas", state="bumped"), state="bumped")
    bumped, ready = decide.bump_ticket(BUMP, at_work(a_ticket("k1"), other), by("cook"))
    assert isinstance(bumped, TicketBumped)
    assert isinstance(ready, CourseReady)
    assert bumped.line_ids == ("l1",)
    assert (ready.dishes, ready.waiter_id, ready.table_label) == (("2 Papas", "1 Bife"), "ana", "4")


def test_a_course_is_not_ready_while_another_station_works_on_it() -> None:
    ops = decide.bump_ticket(BUMP, at_work(a_ticket("k1"), a_ticket("k2")), by("cook"))
    assert [op.tag for op in ops] == ["ticket_bumped"]


def test_a_second_bump_is_refused() -> None:
    with rejects("ticket_bumped"):
        decide.bump_ticket(BUMP, at_work(a_ticket("k1", state="bumped")), by("cook"))
    with rejects("ticket_unknown"):
        decide.bump_ticket(BUMP, at_work(None), by("cook"))
    with rejects("needs_manager", permission="bump"):
        decide.bump_ticket(BUMP, at_work(a_ticket("k1")), by("waiter"))


def test_the_last_line_completes_its_ticket() -> None:
    two = a_ticket("k1", to_make("l1"), to_make("l2"))
    first = decide.bump_line(BumpLine(ticket_id="k1", line_id="l1"), at_work(two), by("cook"))
    assert [op.tag for op in first] == ["ticket_line_bumped"]
    rest = a_ticket("k1", to_make("l1", state="bumped"), to_make("l2"), to_make("l3", state="void"))
    last = decide.bump_line(BumpLine(ticket_id="k1", line_id="l2"), at_work(rest), by("cook"))
    assert [op.tag for op in last] == ["ticket_bumped", "course_ready"]
    for line_id, code in (("l1", "ticket_bumped"), ("l3", "line_void"), ("x", "line_unknown")):
        with rejects(code):
            decide.bump_line(BumpLine(ticket_id="k1", line_id=line_id), at_work(rest), by("cook"))


# recalling


def test_a_recall_takes_back_what_is_on_the_pass_and_leaves_voids() -> None:
    done = a_ticket(
        "k1",
        to_make("l1", state="bumped"),
        to_make("l2", state="void"),
        state="bumped",
        bumped_at_ms=NOW_MS - 600_000,
    )
    recalled, unready = decide.recall_ticket(RecallTicket(ticket_id="k1"), at_work(done, is_on_pass=True), by("cook"))
    assert recalled == TicketRecalled(ticket_id=done.ticket_id, check_id=CheckId("c1"), line_ids=(LineId("l1"),))
    assert unready.tag == "course_unready"
    (only,) = decide.recall_ticket(RecallTicket(ticket_id="k1"), at_work(done), by("cook"))
    assert only == recalled


def test_a_recall_is_possible_for_ten_minutes() -> None:
    old = a_ticket("k1", state="bumped", bumped_at_ms=NOW_MS - 600_001)
    with rejects("recall_too_late"):
        decide.recall_ticket(RecallTicket(ticket_id="k1"), at_work(old), by("cook"))
    with rejects("ticket_open"):
        decide.recall_ticket(RecallTicket(ticket_id="k1"), at_work(a_ticket("k1")), by("cook"))


# changes and the pass


def test_a_ticket_with_nothing_left_is_done_once_the_cook_has_seen_it() -> None:
    gone = a_ticket("k1", to_make("l1", state="void"), changed_at_ms=5)
    ops = decide.see_ticket_change(SeeTicketChange(ticket_id="k1"), at_work(gone), by("cook"))
    assert [op.tag for op in ops] == ["ticket_change_seen", "ticket_bumped"]
    other = a_ticket("k2", to_make("l2", state="bumped"), state="bumped")
    ops = decide.see_ticket_change(SeeTicketChange(ticket_id="k1"), at_work(gone, other), by("cook"))
    assert [op.tag for op in ops] == ["ticket_change_seen", "ticket_bumped", "course_ready"]


def test_seeing_a_change_leaves_the_rest_to_be_made() -> None:
    left = a_ticket("k1", to_make("l1", state="void"), to_make("l2"), changed_at_ms=5)
    ops = decide.see_ticket_change(SeeTicketChange(ticket_id="k1"), at_work(left), by("cook"))
    assert [op.tag for op in ops] == ["ticket_change_seen"]
    assert decide.see_ticket_change(SeeTicketChange(ticket_id="k1"), at_work(a_ticket("k1")), by("cook")) == []


def test_a_course_is_taken_from_the_pass_once_by_waiter_or_cook() -> None:
    command = PickUpCourse(check_id="c1", course=1)
    for role in ("waiter", "cook"):
        (op,) = decide.pick_up_course(command, OnPass(is_ready=True), by(role))
        assert op.tag == "course_picked_up"
    with rejects("course_unknown"):
        decide.pick_up_course(command, OnPass(is_ready=False), by())
    with rejects("needs_manager"):
        decide.pick_up_course(command, OnPass(is_ready=True), by("technician"))


def test_a_station_without_a_screen_needs_a_printer() -> None:
    command = ConfigureStation(station_id="barra", name="Barra", is_paper_only=True)
    with rejects("printer_unknown"):
        decide.configure_station(command, StationSetUp(), by("manager"))
    with rejects("needs_manager"):
        decide.configure_station(command, StationSetUp(), by("waiter"))
