"""Who is let in, who goes for whom, and what is told of it. On a clock that the test moves."""

import pytest
import structlog.testing

from doors import limits
from doors.gate import Gate, network_of


class One:
    """A connection that remembers whether it was ended."""

    def __init__(self, address: str = "10.0.0.1", *, late: str = "") -> None:
        self.address = address
        self.is_known = False
        self.is_dropped = False
        self._late = late

    def late(self, now_s: float) -> str:
        return self._late

    def drop(self) -> None:
        self.is_dropped = True


class Hall:
    """A gate with its clock."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.gate = Gate(now_s=lambda: self.now_s, is_known=lambda key: key == "key")

    def entered(self, count: int, address: str = "10.0.0.1", *, asks: bool = False) -> list[One]:
        made = [One(address) for _ in range(count)]
        for one in made:
            assert self.gate.enter(one)
            if asks:
                self.gate.busy(one)
        return made


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_of_those_who_say_nothing_the_oldest_goes(hall: Hall) -> None:
    old = hall.entered(limits.FRESH_OF_ONE)
    late = hall.entered(3)
    assert [one.is_dropped for one in old[:4]] == [True, True, True, False]
    assert not any(one.is_dropped for one in late)
    assert hall.gate.shut["fresh_of_one"] == 3


def test_a_room_behind_one_address_keeps_its_streams_and_its_idle_connections(hall: Hall) -> None:
    streams = hall.entered(300, asks=True)
    idle = hall.entered(200, asks=True)
    for one in idle:
        hall.gate.waits(one)
    hall.entered(limits.FRESH_OF_ONE + 20)
    assert not any(one.is_dropped for one in [*streams, *idle])


def test_an_address_that_holds_all_it_may_gets_no_more_and_others_do(hall: Hall) -> None:
    hall.entered(limits.CONNECTIONS_OF_ONE, asks=True)
    assert not hall.gate.enter(One())
    assert hall.gate.enter(One("10.0.0.2"))


def test_a_known_screen_is_never_sent_away_and_takes_nobodys_place(hall: Hall) -> None:
    hall.gate.most = 4
    (till,) = hall.entered(1)
    hall.gate.know(till)
    assert hall.gate.strangers == 0
    hall.entered(4, "10.0.0.9", asks=True)
    (waiter,) = hall.entered(1)
    assert hall.gate.is_full and hall.gate.admits(One("10.0.0.9"), "/guest/") == "connections"
    hall.gate.know(waiter)
    assert hall.gate.admits(waiter, "/commands") == ""
    assert not till.is_dropped and not waiter.is_dropped


def test_when_strangers_have_all_their_room_the_address_that_holds_most_gives_way(hall: Hall) -> None:
    hall.gate.most = 20
    crowd = hall.entered(15, "10.0.0.9")
    hall.entered(5, "10.0.0.2")
    (newcomer,) = hall.entered(1, "10.0.0.3")
    assert crowd[0].is_dropped and not newcomer.is_dropped


def test_who_is_late_is_ended_and_counted(hall: Hall) -> None:
    late, punctual = One(late="headers"), One()
    hall.gate.enter(late)
    hall.gate.enter(punctual)
    hall.gate.look()
    assert (late.is_dropped, punctual.is_dropped) == (True, False)
    assert hall.gate.shut == {"headers": 1}


def test_requests_run_out_and_come_back(hall: Hall) -> None:
    (one,) = hall.entered(1)
    limit = ""
    for _ in range(limits.REQUESTS_A_MINUTE + 1):
        limit = hall.gate.admits(one, "/guest/app.js")
    assert limit == "requests_a_minute"
    hall.now_s += 1.0
    assert hall.gate.admits(one, "/guest/app.js") == ""


def test_what_a_technician_looks_at_has_a_limit_of_its_own(hall: Hall) -> None:
    (one,) = hall.entered(1)
    assert {hall.gate.admits(one, "/health") for _ in range(limits.LOOKS_A_MINUTE)} == {""}
    assert hall.gate.admits(one, "/metrics?x=1") == "looks_a_minute"
    assert hall.gate.admits(one, "/guest/") == ""


def test_everything_that_left_is_forgotten(hall: Hall) -> None:
    for one in [*hall.entered(50), *hall.entered(50, "10.0.0.2", asks=True)]:
        hall.gate.leave(one)
        hall.gate.leave(one)  # as a socket and its request may both say
        hall.gate.waits(one)
    assert hall.gate.strangers == 0
    hall.entered(limits.FRESH_OF_ONE)
    assert not hall.gate.shut


def test_addresses_without_number_are_not_kept(hall: Hall) -> None:
    for number in range(limits.ADDRESSES + 50):
        one = One(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        hall.gate.enter(one)
        hall.gate.leave(one)
    hall.now_s += 61.0
    hall.gate.look()
    assert len(hall.gate._addresses) == 0


def test_the_journal_is_told_once_an_hour(hall: Hall) -> None:
    with structlog.testing.capture_logs() as told:
        for _ in range(1_000):
            hall.gate.bite("headers", "10.0.0.1")
        hall.now_s += 3_601.0
        hall.gate.bite("headers", "10.0.0.1")
    assert [one["limit"] for one in told] == ["headers", "headers"]


def test_a_proxy_of_ours_is_bound_by_no_count() -> None:
    gate = Gate(now_s=lambda: 0.0, is_known=lambda _: False, is_ours=lambda host: host == "192.0.2.1")
    proxied = [One() for _ in range(limits.CONNECTIONS_OF_ONE + 10)]
    assert all(gate.enter(one, "192.0.2.1") for one in proxied)
    assert not gate.shut and gate.strangers == 0


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("", ""),
    ],
)
def test_one_line_is_one_address(host: str, whose: str) -> None:
    assert network_of(host) == whose
