"""What waits for one device: bounded in frames and in bytes, and for a guest's phone the newest alone."""

import msgspec

from edge.engine.feed_views import Channel
from edge.engine.subscription import QUEUE_BYTES, QUEUE_LIMIT, Subscription

WAITER = Channel(role="waiter")
GUEST = Channel(role="guest", only=(("guest", "v1"),))


def begun(channel: Channel, first: str = "first") -> Subscription:
    made = Subscription(channel, "d1")
    made.begin(1, first)
    return made


async def taken(subscription: Subscription) -> list[str]:
    """Everything that waits, once the feed is over."""
    found = [one.text for one in subscription._waiting]
    subscription.end("closing")
    assert [msgspec.json.decode(text) async for text in subscription] == [{"type": "bye", "code": "closing"}]
    return found


async def test_bytes_cut_a_slow_device_off_long_before_frames_do() -> None:
    waiter = begun(WAITER)
    for number in range(QUEUE_LIMIT):
        waiter.send(number, "x" * (QUEUE_BYTES // 10))
    assert waiter.ended == "slow"
    assert [msgspec.json.decode(text)["type"] async for text in waiter] == ["bye"]


async def test_a_sign_that_makes_every_letter_wide_counts_as_what_it_takes() -> None:
    waiter = begun(WAITER)
    for number in range(5):
        waiter.send(number, "x" * (QUEUE_BYTES // 8) + "🍝")
    assert waiter.ended == "slow"


async def test_a_first_frame_may_be_larger_than_the_budget() -> None:
    waiter = begun(WAITER, "x" * QUEUE_BYTES * 2)
    assert waiter.ended == ""
    assert await taken(waiter) == ["x" * QUEUE_BYTES * 2]


async def test_what_was_taken_leaves_room() -> None:
    waiter = begun(WAITER)
    frames = aiter(waiter)
    assert await anext(frames) == "first"
    for number in range(50):
        waiter.send(number, str(number) + "x" * (QUEUE_BYTES // 3))
        assert (await anext(frames)).startswith(str(number))
    assert waiter.ended == ""


async def test_for_a_guest_only_the_newest_view_waits() -> None:
    phone = begun(GUEST)
    for number in range(10 * QUEUE_LIMIT):
        phone.send(number, f"view {number}")
    assert await taken(phone) == [f"view {10 * QUEUE_LIMIT - 1}"]


async def test_a_beat_replaces_a_beat_and_no_view() -> None:
    phone = begun(GUEST)
    for number in range(QUEUE_LIMIT * 2):
        phone.send(1, f"beat {number}", is_beat=True)
    assert await taken(phone) == ["first", f"beat {2 * QUEUE_LIMIT - 1}"]


async def test_what_came_before_the_first_frame_follows_it_unless_it_is_older() -> None:
    waiter, phone = Subscription(WAITER, "d1"), Subscription(GUEST, "d2")
    for one in (waiter, phone):
        for seq in (4, 5, 6):
            one.send(seq, str(seq))
        one.begin(5, "snapshot")
    assert await taken(waiter) == ["snapshot", "5", "6"]
    assert await taken(phone) == ["6"]
