"""The feed, the workers and the door, on a real database and in real time, without a network."""

import asyncio
import contextlib
import queue
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from engine_toy import CLOCK, TOY, WAITER, PutThing, Venue, a_venue, put, take
from litestar import Litestar
from litestar.testing import TestClient

from edge.engine.asks import Asker
from edge.engine.door import MAX_BODY_BYTES, Door
from edge.engine.feed import RESUME_LIMIT, Channel, Feed, Subscription
from edge.engine.feed_socket import Heard, feed_route
from edge.engine.subscription import QUEUE_LIMIT
from shared.commands.base import CommandsAnswer
from shared.errors import Rejected

PATIENCE_S = 120
WAITERS = Channel(role="waiter")


@contextlib.asynccontextmanager
async def a_feed(folder: Path) -> AsyncIterator[tuple[Venue, Feed]]:
    async with a_venue(folder) as venue:
        feed = Feed(
            slices=[TOY],
            projector=venue.projector,
            writer=venue.writer,
            reads=venue.reads,
            clock=CLOCK,
            tasks=venue.tasks,
        )
        await feed.start()
        try:
            yield venue, feed
        finally:
            await feed.stop()


async def following(subscription: Subscription) -> dict[str, Any]:
    frame = await asyncio.wait_for(anext(aiter(subscription)), PATIENCE_S)
    decoded: dict[str, Any] = msgspec.json.decode(frame)
    assert len(decoded.pop("of")) == 16
    return decoded


async def cursor_of(feed: Feed, channel: Channel = WAITERS) -> tuple[int, str]:
    """What a screen that has seen everything would say in its next hello."""
    async with feed.subscribe(channel) as frames:
        frame = msgspec.json.decode(await anext(aiter(frames)))
        return frame["seq"], frame["of"]


def box(total_minor: int, things: int, box_id: str = "b1") -> list[object]:
    return ["box", box_id, {"box_id": box_id, "total_minor": total_minor, "things": things}]


def test_a_device_gets_a_snapshot_then_changes(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_feed(tmp_path) as (venue, feed):
            await venue.writer.ask([put("a")])
            async with feed.subscribe(WAITERS) as frames:
                assert await following(frames) == {"type": "snapshot", "seq": 1, "views": [box(100, 1)]}
                await venue.writer.ask([put("b")])
                assert await following(frames) == {"type": "views", "seq": 2, "changes": [box(200, 2)]}
                await venue.writer.ask([take("a"), take("b")])
                assert await following(frames) == {
                    "type": "views",
                    "seq": 4,
                    "changes": [["box", "b1", None]],
                }

    asyncio.run(play())


def test_a_device_resumes_from_its_cursor(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_feed(tmp_path) as (venue, feed):
            await venue.writer.ask([put("a")])
            first = await cursor_of(feed)
            await venue.writer.ask([put("b", box="b2"), put("c", box="b3"), take("c", box="b3")])
            async with feed.subscribe(WAITERS, *first) as frames:
                assert await following(frames) == {
                    "type": "views",
                    "seq": 4,
                    "changes": [box(100, 1, "b2"), ["box", "b3", None]],
                }
            async with feed.subscribe(WAITERS, *await cursor_of(feed)) as frames:
                assert await following(frames) == {"type": "views", "seq": 4, "changes": []}

    asyncio.run(play())


def test_a_device_that_was_long_away_gets_everything_and_one_that_was_not_what_changed(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_feed(tmp_path) as (venue, feed):
            await venue.writer.ask([put("old", box="b2")])
            long_ago = await cursor_of(feed)
            await venue.writer.ask([put("less old", box="b2")])
            of_late = await cursor_of(feed)
            for n in range(0, RESUME_LIMIT, 100):
                await venue.writer.ask([put(f"t{i}", price_minor=1) for i in range(n, n + 100)])
            news, rest = box(RESUME_LIMIT, RESUME_LIMIT), box(200, 2, "b2")
            async with feed.subscribe(WAITERS, *of_late) as frames:
                assert await following(frames) == {"type": "views", "seq": RESUME_LIMIT + 2, "changes": [news]}
            async with feed.subscribe(WAITERS, *long_ago) as frames:
                assert await following(frames) == {"type": "snapshot", "seq": RESUME_LIMIT + 2, "views": [news, rest]}

    asyncio.run(play())


@pytest.mark.parametrize("cursor", [None, -1, 0, 1, 2, 10**30])
@pytest.mark.parametrize("of", ["", "0123456789abcdef"])
def test_a_cursor_that_this_edge_did_not_say_gets_everything(tmp_path: Path, cursor: int | None, of: str) -> None:
    async def play() -> None:
        async with a_feed(tmp_path) as (venue, feed):
            await venue.writer.ask([put("a")])
            async with feed.subscribe(WAITERS, cursor, of) as frames:
                assert await following(frames) == {"type": "snapshot", "seq": 1, "views": [box(100, 1)]}

    asyncio.run(play())


def test_nobody_gets_what_is_not_theirs(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_feed(tmp_path) as (venue, feed):
            nothing = await cursor_of(feed)
            await venue.writer.ask([put("a"), put("b", box="b2")])
            for channel, views in (
                (Channel(role="kds"), []),
                (Channel(role="waiter", kinds=frozenset({"check"})), []),
                (Channel(role="waiter", only=(("box", "b2"),)), [box(100, 1, "b2")]),
                (Channel(role="guest", only=(("box", "b2"),)), []),
            ):
                for cursor, kind, name in ((None, "snapshot", "views"), (nothing, "views", "changes")):
                    async with feed.subscribe(channel, *(cursor or ())) as frames:
                        assert await following(frames) == {"type": kind, "seq": 2, name: views}

    asyncio.run(play())


def test_a_slow_device_is_cut_off_and_the_others_are_not(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            a_feed(tmp_path) as (venue, feed),
            feed.subscribe(WAITERS) as slow,
            feed.subscribe(WAITERS) as fast,
        ):
            await following(fast)
            for n in range(QUEUE_LIMIT + 1):
                await venue.writer.ask([put(f"t{n}")])
                assert (await following(fast))["seq"] == n + 1
            last = [msgspec.json.decode(frame) async for frame in slow][-1]
            assert last == {"type": "bye", "code": "slow"}

    asyncio.run(play())


def test_a_revoked_device_is_cut_off_on_all_its_screens(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            a_feed(tmp_path) as (venue, feed),
            feed.subscribe(WAITERS, device_id="lost") as lost,
            feed.subscribe(WAITERS, device_id="kept") as kept,
        ):
            feed.cut("lost", "device_revoked")
            await venue.writer.ask([put("a")])
            frames = [msgspec.json.decode(frame) async for frame in lost]
            assert frames == [{"type": "bye", "code": "device_revoked"}]  # what was queued is not its any more
            assert [(await following(kept))["seq"] for _ in range(2)] == [0, 1]

    asyncio.run(play())


def test_whoever_subscribes_in_a_rush_ends_with_what_is_true(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_feed(tmp_path) as (venue, feed):

            async def follow(until: int) -> object:
                shown: object = None
                async with feed.subscribe(WAITERS) as frames:
                    async for text in frames:
                        frame = msgspec.json.decode(text)
                        for change in frame.get("views", frame.get("changes", ())):
                            shown = change
                        if frame["seq"] >= until:
                            break
                return shown

            async def write() -> None:
                for n in range(200):
                    await venue.writer.ask([put(f"t{n}")])

            *shown, _ = await asyncio.wait_for(asyncio.gather(*(follow(200) for _ in range(20)), write()), PATIENCE_S)
            assert shown == [box(20_000, 200)] * 20

    asyncio.run(play())


@contextlib.contextmanager
def a_client(folder: Path, slices: Sequence[Any] = (TOY,), heard: Heard = lambda device_id, shows: None) -> Any:
    venue = Venue(folder)

    def authenticate(token: str) -> Asker | None:
        if token == "revoked":
            raise Rejected("device_revoked", at_ms=5)
        return {"waiter": WAITER, "kitchen": Asker("d2", "kds"), "guest": Asker("g", "guest")}.get(token)

    door = Door(venue.writer, slices=slices, clock=CLOCK, authenticate=authenticate)
    feed = Feed(
        slices=[TOY], projector=venue.projector, writer=venue.writer, reads=venue.reads, clock=CLOCK, tasks=venue.tasks
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        venue.writer.start()
        await feed.start()
        yield
        await feed.stop()
        await venue.writer.stop()
        door.close()

    app = Litestar([door.route(), feed_route(feed, authenticate, heard)], lifespan=[lifespan])
    with TestClient(app) as client:
        client.headers["Authorization"] = "Bearer waiter"
        yield client
    venue.reads.close()
    venue.conn.close()


def travelling(thing: str, **fields: Any) -> dict[str, Any]:
    body = {"type": "put_thing", "box_id": "b1", "thing_id": thing, "price_minor": 100, **fields}
    return {"id": f"put-{thing}", "name": "put_thing", "body": body}


def test_the_door_answers_each_command(tmp_path: Path) -> None:
    with a_client(tmp_path) as client:
        asked = [
            travelling("a"),
            {"id": "x", "name": "dance"},
            travelling("b", price_minor="much"),
            travelling("a"),
        ]
        response = client.post("/commands", json={"commands": asked})
        answers = msgspec.json.decode(response.content, type=CommandsAnswer).answers
        assert response.status_code == 200
        assert [(a.id, a.outcome, a.seq, a.code) for a in answers] == [
            ("put-a", "done", 1, ""),
            ("x", "refused", 0, "malformed"),
            ("put-b", "refused", 0, "malformed"),
            ("put-a", "done", 1, ""),
        ]
        refused = client.post("/commands", json={"commands": [{"id": "x", "name": "dance"}]})
        assert refused.status_code == 409


@pytest.mark.parametrize(
    ("token", "content", "status", "code"),
    [
        ("nobody", b"{}", 401, "device_unknown"),
        ("", b"{}", 401, "device_unknown"),
        ("revoked", b"{}", 401, "device_revoked"),
        ("waiter", b"{", 400, "malformed"),
        ("waiter", b"\xff\xfe", 400, "malformed"),
        ("waiter", b'{"commands":[]}', 400, "malformed"),
        ("waiter", b'{"commands":[' + b",".join([b'{"id":"a","name":"b"}'] * 65) + b"]}", 400, "malformed"),
        ("waiter", b'{"commands":[{"id":"a b","name":"b"}]}', 400, "malformed"),
        ("waiter", b" " * (MAX_BODY_BYTES + 1), 413, "too_large"),
    ],
)
def test_a_request_that_is_none_is_told_why(tmp_path: Path, token: str, content: bytes, status: int, code: str) -> None:
    with a_client(tmp_path) as client:
        response = client.post("/commands", content=content, headers={"Authorization": f"Bearer {token}"})
        assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_role_may_ask_only_what_its_rules_allow(tmp_path: Path) -> None:
    with a_client(tmp_path) as client:
        asked = {"commands": [travelling("a")]}
        refused = client.post("/commands", json=asked, headers={"Authorization": "Bearer guest"})
        assert refused.status_code == 409
        assert refused.json()["answers"][0]["code"] == "not_for_device"


def test_what_is_slow_is_prepared_before_the_queue(tmp_path: Path) -> None:
    def dearer(command: PutThing) -> PutThing:
        return msgspec.structs.replace(command, price_minor=command.price_minor * 2)

    first, *others = TOY.rules
    slow = msgspec.structs.replace(TOY, rules=[msgspec.structs.replace(first, prepare=dearer), *others])
    with a_client(tmp_path, [slow]) as client, client.websocket_connect("/feed") as socket:
        client.post("/commands", json={"commands": [travelling("a")]})
        socket.send_json({"type": "hello", "token": "waiter"})
        first = socket.receive_json()
        assert (first["type"], first["seq"], first["views"]) == ("snapshot", 1, [box(200, 1)])


def test_a_device_follows_over_a_socket_and_comes_back_where_it_was(tmp_path: Path) -> None:
    with a_client(tmp_path) as client:
        with client.websocket_connect("/feed") as socket:
            socket.send_json({"type": "hello", "token": "waiter", "cursor": None, "kinds": ["box"]})
            first = socket.receive_json()
            assert (first["type"], first["seq"], first["views"]) == ("snapshot", 0, [])
            client.post("/commands", json={"commands": [travelling("a")]})
            later = socket.receive_json()
            assert (later["type"], later["seq"], later["changes"]) == ("views", 1, [box(100, 1)])
        with client.websocket_connect("/feed") as socket:
            socket.send_json({"type": "hello", "token": "waiter", "cursor": later["seq"], "of": later["of"]})
            assert socket.receive_json() == {"type": "views", "seq": 1, "of": later["of"], "changes": []}


def test_a_screen_in_sight_is_heard_and_other_words_are_nothing(tmp_path: Path) -> None:
    heard: queue.Queue[tuple[str, str]] = queue.Queue()
    with (
        a_client(tmp_path, heard=lambda device_id, shows: heard.put((device_id, shows))) as client,
        client.websocket_connect("/feed") as socket,
    ):
        socket.send_json({"type": "hello", "token": "kitchen", "cursor": None, "kinds": ["box"]})
        socket.receive_json()
        for text in (
            "nonsense",
            '{"type":"here","shows":"a b"}',
            '{"type":"here","shows":"cocina"}',
            '{"type":"here"}',
        ):
            socket.send_text(text)
        assert [heard.get(timeout=PATIENCE_S) for _ in range(2)] == [("d2", "cocina"), ("d2", "")]


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        ('{"type":"hello","token":"nobody"}', "device_unknown"),
        ('{"type":"hello","token":"revoked"}', "device_revoked"),
        ("[", "malformed"),
        ('{"type":"views"}', "malformed"),
        ("x" * 10_000, "too_large"),
    ],
)
def test_a_socket_that_does_not_say_hello_is_told_why(tmp_path: Path, hello: str, code: str) -> None:
    with a_client(tmp_path) as client, client.websocket_connect("/feed") as socket:
        socket.send_text(hello)
        assert socket.receive_json() == {"type": "bye", "code": code}
