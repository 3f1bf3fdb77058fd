"""Two people on one thing at the same moment, and one command on two lines: nothing is lost, nothing is twice."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import pytest

from installer.demo.edge_client import fresh_id
from tests.hardening.open_venue import OpenVenue, Phone, Screen

T = TypeVar("T")
EACH = 15


@pytest.fixture(scope="module")
def waiters(shared_venue: OpenVenue) -> tuple[Screen, Screen]:
    """Ana's phone and Leo's."""
    return shared_venue.paired("waiter", "ana"), shared_venue.paired("waiter", "leo")


@pytest.fixture(scope="module")
def mara(shared_venue: OpenVenue) -> Screen:
    """The till, with the manager."""
    return shared_venue.paired("pos", "mara")


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """What each act returned; all begin at the same moment, each on a line of its own."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], T]) -> T:
        start.wait(10)
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def answer_to(screen: Screen, ask: dict[str, Any]) -> dict[str, Any]:
    """What became of one command as it travels."""
    answers: list[dict[str, Any]] = screen.post(ask).json()["answers"]
    return answers[0]


def codes(answers: Sequence[dict[str, Any]]) -> Counter[str]:
    """How each ended: a code, or `done`."""
    return Counter(answer.get("code") or answer["outcome"] for answer in answers)


def drafted(venue: OpenVenue) -> tuple[Phone, str]:
    """A guest with a draft that waits."""
    phone, draft_id = venue.seated(), fresh_id()
    phone.do("submit_draft", draft_id=draft_id, lines=[{"line_id": fresh_id(), "item_id": "empanada"}])
    return phone, draft_id


def test_one_command_on_many_lines_is_done_once(venue: OpenVenue, waiters: tuple[Screen, Screen]) -> None:
    ana = waiters[0]
    check_id, id = venue.check(ana), fresh_id()
    lines = [{"line_id": "l1", "item_id": "agua", "quantity": 2}]
    ask = ana.an_ask("add_lines", {"check_id": check_id, "lines": lines}, id=id)
    answers = at_once([partial(answer_to, ana, ask) for _ in range(8)])
    answers += [answer_to(ana, ask), *ana.post(ask, ask).json()["answers"]]
    assert answers == [answers[0]] * 11 and answers[0]["outcome"] == "done"
    assert venue.rows("SELECT COUNT(*) FROM log WHERE command_id = ?", id) == [(1,)]
    assert venue.rows("SELECT total_minor FROM checks WHERE check_id = ?", check_id) == [(3_000_00,)]


def test_a_refusal_stays_what_it_was_however_often_it_is_asked(
    venue: OpenVenue, waiters: tuple[Screen, Screen]
) -> None:
    ana = waiters[0]
    check_id, id = fresh_id(), fresh_id()
    ask = ana.an_ask("send_lines", {"check_id": check_id}, id=id)
    first = ana.post(ask).json()
    assert first["answers"][0]["code"] == "check_unknown"
    ana.do("open_check", check_id=check_id, kind="counter")
    assert ana.post(ask).json() == first
    assert venue.rows("SELECT COUNT(*) FROM refusal WHERE command_id = ?", id) == [(1,)]


def test_two_waiters_on_one_check_lose_no_line(venue: OpenVenue, waiters: tuple[Screen, Screen]) -> None:
    check_id = venue.check(waiters[0])

    def add(waiter: Screen) -> list[dict[str, Any]]:
        items = [{"line_id": fresh_id(), "item_id": "agua"} for _ in range(EACH)]
        return [waiter.ask("add_lines", check_id=check_id, lines=[item]) for item in items]

    answers = at_once([partial(add, waiter) for waiter in waiters])
    assert codes([one for of_one in answers for one in of_one]) == {"done": 2 * EACH}
    assert venue.rows("SELECT total_minor FROM checks WHERE check_id = ?", check_id) == [(2 * EACH * 1_500_00,)]
    assert venue.rows("SELECT COUNT(*) FROM check_line WHERE check_id = ?", check_id) == [(2 * EACH,)]
    sent = at_once([partial(waiter.ask, "send_lines", check_id=check_id) for waiter in waiters])
    assert codes(sent) == {"done": 1, "nothing_to_send": 1}
    (made,) = venue.rows("SELECT COUNT(*), COUNT(DISTINCT line_id) FROM ticket_line WHERE check_id = ?", check_id)
    assert made == (2 * EACH, 2 * EACH), "the kitchen gets each line once"


def test_two_waiters_who_change_and_void_the_same_line_do_not_undo_each_other(
    venue: OpenVenue, waiters: tuple[Screen, Screen]
) -> None:
    ana, leo = waiters
    check_id = venue.check(ana, "agua")
    line_id = f"{check_id}-0"
    changed = {"line_id": line_id, "item_id": "agua", "quantity": 3}
    answers = at_once(
        [
            partial(ana.ask, "change_line", check_id=check_id, line=changed),
            partial(leo.ask, "void_line", check_id=check_id, line_id=line_id),
        ]
    )
    assert codes(answers)["done"] >= 1 and set(codes(answers)) <= {"done", "line_void"}
    ((total_minor,),) = venue.rows("SELECT total_minor FROM checks WHERE check_id = ?", check_id)
    assert total_minor == 0


def test_two_waiters_who_edit_one_held_line_keep_both_edits_or_the_second_is_told(
    venue: OpenVenue, waiters: tuple[Screen, Screen]
) -> None:
    check_id = venue.check(waiters[0], "agua")
    line_id = f"{check_id}-0"
    seen = {"line_id": line_id, "item_id": "agua", "quantity": 1}

    def edit(waiter: Screen, **changes: object) -> partial[dict[str, Any]]:
        return partial(waiter.ask, "change_line", check_id=check_id, line={**seen, **changes}, seen=seen)

    ana, leo = waiters
    assert codes(at_once([edit(ana, quantity=3), edit(leo, note="con gas")])) == {"done": 2}
    assert venue.rows("SELECT quantity, note FROM check_line WHERE line_id = ?", line_id) == [(3, "con gas")]
    seen = {**seen, "quantity": 3, "note": "con gas"}
    assert codes(at_once([edit(ana, note="sin gas"), edit(leo, note="con hielo")])) == {"done": 1, "line_changed": 1}


def test_one_of_two_waiters_gets_a_draft_and_the_other_is_told_who_has_it(
    venue: OpenVenue, waiters: tuple[Screen, Screen]
) -> None:
    for _ in range(5):
        _, draft_id = drafted(venue)
        answers = at_once([partial(w.ask, "claim_draft", draft_id=draft_id) for w in waiters])
        assert codes(answers) == {"done": 1, "draft_claimed": 1}
        winner = "Ana" if answers[0]["outcome"] == "done" else "Leo"
        loser = next(answer for answer in answers if answer["outcome"] == "refused")
        assert loser["facts"]["by"] == winner and loser["facts"]["since_ms"] > 0


def test_one_of_two_confirms_makes_lines_and_the_other_is_told_who_was_first(
    venue: OpenVenue, waiters: tuple[Screen, Screen]
) -> None:
    for _ in range(5):
        _, draft_id = drafted(venue)
        answers = at_once([partial(w.ask, "confirm_draft", draft_id=draft_id, check_id=fresh_id()) for w in waiters])
        assert codes(answers) == {"done": 1, "draft_settled": 1}
        winner = "Ana" if answers[0]["outcome"] == "done" else "Leo"
        loser = next(answer for answer in answers if answer["outcome"] == "refused")
        assert loser["facts"] == {"state": "confirmed", "by": winner}
        assert venue.rows("SELECT COUNT(*) FROM check_line WHERE draft_id = ?", draft_id) == [(1,)]


def test_a_waiter_confirms_what_a_guest_withdraws_or_the_other_way_round_but_not_both(
    venue: OpenVenue, waiters: tuple[Screen, Screen]
) -> None:
    for _ in range(5):
        phone, draft_id = drafted(venue)
        confirmed, withdrawn = at_once(
            [
                partial(waiters[0].ask, "confirm_draft", draft_id=draft_id, check_id=fresh_id()),
                partial(phone.ask, "withdraw_draft", draft_id=draft_id),
            ]
        )
        assert codes([confirmed, withdrawn]) == {"done": 1, "draft_settled": 1}
        made = venue.rows("SELECT COUNT(*) FROM check_line WHERE draft_id = ?", draft_id)
        assert made == [(1 if confirmed["outcome"] == "done" else 0,)]


def test_two_parties_cannot_be_seated_on_one_table_as_one(venue: OpenVenue, waiters: tuple[Screen, Screen]) -> None:
    table_id, ids = venue.table(), (fresh_id(), fresh_id())
    answers = at_once(
        [partial(w.ask, "open_check", check_id=id, table_id=table_id) for w, id in zip(waiters, ids, strict=True)]
    )
    assert codes(answers) == {"done": 2}  # both keep what they typed; the phones belong to the first
    visits = venue.rows("SELECT visit_id FROM checks WHERE table_id = ? ORDER BY number", table_id)
    assert visits[0] != ("",) and visits[1] == ("",)


def test_a_check_paid_twice_at_once_is_paid_once_and_the_other_is_told_who_closed_it(
    venue: OpenVenue, mara: Screen, waiters: tuple[Screen, Screen]
) -> None:
    for _ in range(3):
        check_id = venue.check(mara, "agua")
        mara.do("send_lines", check_id=check_id)
        pay: dict[str, Any] = {"check_id": check_id, "tender": "card", "amount_minor": 1_500_00, "reference": "1234"}
        answers = at_once(
            [
                partial(mara.ask, "take_payment", payment_id=fresh_id(), **pay),
                partial(waiters[0].ask, "take_payment", payment_id=fresh_id(), **pay),
            ]
        )
        assert codes(answers) == {"done": 1, "check_closed": 1}
        winner = "Mara" if answers[0]["outcome"] == "done" else "Ana"
        loser = next(answer for answer in answers if answer["outcome"] == "refused")
        assert loser["facts"]["by"] == winner and loser["facts"]["number"] > 0
        assert venue.rows("SELECT paid_minor, state FROM checks WHERE check_id = ?", check_id) == [(1_500_00, "closed")]


def test_the_last_of_a_dish_is_not_sold_after_it_ran_out(venue: OpenVenue, waiters: tuple[Screen, Screen]) -> None:
    kitchen = venue.paired("kds")
    check_id = venue.check(waiters[0])
    try:
        answers = at_once(
            [
                partial(kitchen.ask, "eighty_six_item", item_id="flan"),
                *(
                    partial(waiters[0].ask, "add_lines", check_id=check_id, lines=[{"line_id": id, "item_id": "flan"}])
                    for id in ("l1", "l2", "l3", "l4", "l5", "l6")
                ),
            ]
        )
        assert answers[0]["outcome"] == "done"
        late = [answer for answer in answers[1:] if answer.get("seq", 2**60) > answers[0]["seq"]]
        assert set(codes(late)) <= {"item_sold_out"}
    finally:
        kitchen.do("restore_item", item_id="flan")
