"""How much a phone and an address may ask."""

import contextlib

import pytest
from guests_builders import rejects
from hypothesis import given
from hypothesis import strategies as st

from doors.gate import network_of
from edge.guests.limits import (
    DRAFTS_OF_VISIT,
    REQUESTS,
    STREAMS_OF_ADDRESS,
    STREAMS_OF_PHONE,
    Buckets,
    Limits,
    Rate,
)
from shared.errors import Rejected

RATE = Rate(burst=3, a_minute=6)


def test_a_burst_is_allowed_and_then_one_every_so_often() -> None:
    buckets = Buckets(RATE)
    for _ in range(3):
        buckets.take("a", 1, 0)
    with rejects("too_fast", retry_after_s=10):
        buckets.take("a", 1, 0)
    with rejects("too_fast", retry_after_s=1):
        buckets.take("a", 1, 9_500)
    buckets.take("a", 1, 10_000)
    buckets.take("b", 3, 10_000)  # another one's affair


def test_what_is_refused_takes_nothing() -> None:
    buckets = Buckets(RATE)
    with rejects("too_fast", retry_after_s=10):
        buckets.take("a", 4, 0)
    buckets.take("a", 3, 0)


def test_a_clock_that_jumps_back_gives_and_takes_nothing() -> None:
    buckets = Buckets(RATE)
    buckets.take("a", 3, 1_000_000)
    with rejects("too_fast", retry_after_s=10):
        buckets.take("a", 1, 0)
    buckets.take("a", 1, 10_000)


def test_the_number_of_buckets_is_bounded() -> None:
    buckets = Buckets(RATE, most=2)
    buckets.take("a", 1, 0)
    buckets.take("b", 3, 0)
    buckets.take("a", 1, 0)
    buckets.take("c", 1, 0)  # b was used least lately
    assert len(buckets) == 2
    with pytest.raises(Rejected):
        buckets.take("a", 2, 0)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 20_000)), max_size=60))
def test_over_any_time_no_more_passes_than_the_rate(asked: list[tuple[int, int]]) -> None:
    buckets, now_ms, passed = Buckets(RATE), 0, 0
    for count, gap_ms in asked:
        now_ms += gap_ms
        try:
            buckets.take("a", count, now_ms)
            passed += count
        except Rejected as rejected:
            wait_s = rejected.facts["retry_after_s"]
            assert isinstance(wait_s, int)
            assert wait_s >= 1
    assert passed <= RATE.burst + now_ms * RATE.a_minute / 60_000 + 1e-6


@given(st.integers(1, 3), st.integers(0, 10_000))
def test_who_waits_as_told_is_let_in(count: int, gap_ms: int) -> None:
    buckets = Buckets(RATE)
    buckets.take("a", 3, 0)
    try:
        buckets.take("a", count, gap_ms)
    except Rejected as rejected:
        wait_s = rejected.facts["retry_after_s"]
        assert isinstance(wait_s, int)
        buckets.take("a", count, gap_ms + wait_s * 1_000)


def test_drafts_and_calls_have_limits_of_their_own() -> None:
    limits = Limits(per_address_a_minute=100)
    limits.commands("p", "v", ["submit_draft"] * 8, 0)
    with rejects("too_fast", retry_after_s=10):
        limits.commands("p", "v", ["change_draft"], 0)
    limits.commands("p", "v", ["call_waiter", "ask_bill", "withdraw_draft"], 0)
    limits.commands("q", "v", ["submit_draft"], 0)


def test_addresses_have_a_limit_for_requests_and_one_for_joining() -> None:
    limits = Limits(per_address_a_minute=10)
    for _ in range(10):
        limits.request("", "10.0.0.1", 0)
    with rejects("too_fast", retry_after_s=6):
        limits.request("", "10.0.0.1", 0)
    limits.join("10.0.0.1", 0)
    limits.join("10.0.0.1", 0)
    with rejects("too_fast", retry_after_s=30):
        limits.join("10.0.0.1", 0)
    limits.request("", "10.0.0.2", 0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.168.0.7", "192.168.0.7"),
        ("::ffff:192.168.0.7", "192.168.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_ipv6_household_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


def test_streams_are_bounded_for_a_phone_and_for_an_address() -> None:
    limits = Limits(per_address_a_minute=10)
    with contextlib.ExitStack() as streams:
        for _ in range(STREAMS_OF_PHONE):
            limits.stream("p", "10.0.0.1")
            streams.enter_context(limits.streaming("p", "10.0.0.1"))
        with rejects("too_fast", retry_after_s=5):
            limits.stream("p", "10.0.0.1")
        limits.stream("q", "10.0.0.1")
    assert limits.streams == 0
    limits.stream("p", "10.0.0.1")


def test_many_phones_behind_one_address_are_bounded_too() -> None:
    limits = Limits(per_address_a_minute=10)
    with contextlib.ExitStack() as streams:
        for n in range(STREAMS_OF_ADDRESS):
            limits.stream(f"p{n}", "10.0.0.1")
            streams.enter_context(limits.streaming(f"p{n}", "10.0.0.1"))
        with rejects("too_fast", retry_after_s=5):
            limits.stream("one more", "10.0.0.1")
        limits.stream("one more", "10.0.0.2")


def test_one_phone_cannot_use_up_what_the_room_behind_its_address_needs() -> None:
    limits = Limits(per_address_a_minute=10)
    limits.know("seated")
    for n in range(10):
        limits.request(f"a cookie made up {n}", "10.0.0.1", 0)
    with rejects("too_fast", retry_after_s=6):
        limits.request("another", "10.0.0.1", 0)
    for _ in range(REQUESTS.burst):
        limits.request("seated", "10.0.0.1", 0)
    with rejects("too_fast", retry_after_s=1):
        limits.request("seated", "10.0.0.1", 0)


def test_a_party_has_a_limit_of_drafts_however_many_phones_it_makes_up() -> None:
    limits = Limits(per_address_a_minute=100)
    for n in range(DRAFTS_OF_VISIT.burst):
        limits.commands(f"p{n}", "v", ["submit_draft"], 0)
    with rejects("too_fast", retry_after_s=5):
        limits.commands("one more", "v", ["submit_draft"], 0)
    limits.commands("one more", "another visit", ["submit_draft"], 0)
    limits.commands("one more", "v", ["call_waiter"], 0)
