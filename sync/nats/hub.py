"""The hub's end of the pipe: pulls batches from the streams, answers what venues ask, tells them what was committed.

One `HubLink` lives as long as its connection: nothing reconnects by itself, because what JetStream forgets over a restart is ours to
make again. Only connect, publish, subscribe and request of nats-py are used; batches are pulled with raw requests on an inbox.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import msgspec
import nats.errors
from nats.aio.msg import Msg

from sync.nats import subjects
from sync.nats.connection import Connection, LinkLost, OnError, connected

__all__ = ["Delivery", "HubLink", "LinkLost", "hub_link"]

CONSUMER = "hub"
ASKS_AT_ONCE = 64
ASKS_OF_ONE = 4  # venue: one that asks without end takes nobody else's place
_PULL = 50  # batches asked for at once, from each stream
_PULL_S = 30.0
_GRACE_S = 5.0  # a pull without an answer for this long after its end is lost
_ACK_WAIT_S = 15.0  # what a hub had pulled when it was killed comes again after this
MAX_DELIVER = 5  # times that a batch comes: what kills or silences a hub each time shall not come for days; its edge sends it again
_GIVEN_UP = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES"
_REQUEST_S = 5.0
_OF_ONE_VENUE = 64  # batches that wait in a stream
_NANOS = 1_000_000_000
_EXISTS = {10058, 10148}  # a stream, or a consumer, of that name with another configuration


class Delivery(msgspec.Struct, frozen=True):
    """A message from a venue. Account and venue come from the subject, which the server vouches for."""

    account: str
    venue_id: str
    headers: Mapping[str, str] | None
    payload: bytes
    reply: str  # where it is acknowledged


Ask = Callable[[Delivery], Awaitable[bytes | None]]


class HubLink:
    """A connection as the hub's account."""

    def __init__(self, connection: Connection, on_given_up: Callable[[str], None]) -> None:
        self._connection = connection
        self._client = connection.client
        self._lost = connection.lost
        self._arrived: asyncio.Queue[Delivery] = asyncio.Queue()  # bounded by what was pulled
        self._credit = [0] * subjects.STREAMS  # batches that each stream still owes its pull
        self._renew_at = [0.0] * subjects.STREAMS
        self._held: dict[str, None] = {}  # replies of what was delivered and is not done with
        self._inbox = connection.client.new_inbox()
        self.heard_s = asyncio.get_running_loop().time()  # when a stream last answered, be it that it has nothing
        self._on_given_up = on_given_up
        self._asks: set[asyncio.Task[None]] = set()
        self._asking: Counter[tuple[str, str]] = Counter()  # how many of them are of which venue

    async def start(self) -> None:
        """Make the streams that are missing and begin to listen.

        Raises:
            LinkLost: the server refused.
        """
        for stream in range(subjects.STREAMS):
            await self._ensure(stream)
        await self._client.subscribe(f"{self._inbox}.*", cb=self._on_message)
        await self._client.subscribe(f"{_GIVEN_UP}.*.{CONSUMER}", queue=CONSUMER, cb=self._give_up)

    async def answer(self, what: str, ask: Ask) -> None:
        """Answer `req.<venue>.<what>` with what `ask` returns; None answers nothing. One of all hubs gets each request."""

        async def on_request(message: Msg) -> None:
            delivery = _delivery(message)
            if delivery is None:
                return
            who = (delivery.account, delivery.venue_id)
            if len(self._asks) >= ASKS_AT_ONCE or self._asking[who] >= ASKS_OF_ONE:
                return  # the venue asks again

            def answered(task: asyncio.Task[None]) -> None:
                self._asks.discard(task)
                self._asking -= Counter({who: 1})  # which forgets who has none left

            task = asyncio.create_task(self._answer_one(ask, delivery, message))
            self._asks.add(task)
            self._asking[who] += 1
            task.add_done_callback(answered)

        await self._client.subscribe(subjects.all_asks(what), queue=CONSUMER, cb=on_request)

    async def batches(self) -> list[Delivery]:
        """What arrived since, at least one; asks the streams for more once it is taken.

        Raises:
            LinkLost: nothing more will come over this connection.
        """
        while True:
            await self._pull()
            arrived = asyncio.ensure_future(self._arrived.get())
            lost = asyncio.ensure_future(self._lost.wait())
            try:
                await asyncio.wait({arrived, lost}, timeout=_GRACE_S, return_when=asyncio.FIRST_COMPLETED)
                if arrived.done():
                    found = [arrived.result()]
                    while not self._arrived.empty():
                        found.append(self._arrived.get_nowait())
                    return found
                if self._lost.is_set():
                    raise LinkLost
            finally:
                arrived.cancel()
                lost.cancel()

    async def done_with(self, deliveries: list[Delivery]) -> None:
        """The pipe may forget these: the hub has committed, or refused, them."""
        for delivery in deliveries:
            self._held.pop(delivery.reply, None)
            await self._connection.publish(delivery.reply, b"+ACK")

    async def keep(self) -> None:
        """Say that all that was delivered is still wanted, so that waiting for the database counts as no further delivery.

        Raises:
            LinkLost: nothing more will come over this connection.
        """
        if self._lost.is_set():
            raise LinkLost("the connection ended")
        for reply in tuple(self._held):
            await self._connection.publish(reply, b"+WPI")

    async def tell(self, account: str, venue_id: str, payload: bytes) -> None:
        """Send an ACK or NACK to a venue; one that is away misses it and asks later."""
        await self._connection.publish(subjects.acks_of(account, venue_id), payload)

    def drop_asks(self) -> None:
        """Leave what venues asked unanswered; they ask again."""
        for task in self._asks:
            task.cancel()

    async def _answer_one(self, ask: Ask, delivery: Delivery, message: Msg) -> None:
        answer = await ask(delivery)
        if answer is not None and message.reply:
            with contextlib.suppress(nats.errors.Error, OSError):
                await self._client.publish(message.reply, answer)

    async def _give_up(self, message: Msg) -> None:
        """A batch came as often as it may: out of the stream with it, where it would take its venue's room for days."""
        told = json.loads(message.data)
        self._on_given_up(told["stream"])
        asked = {"seq": told["stream_seq"], "no_erase": True}
        await self._client.publish(f"$JS.API.STREAM.MSG.DELETE.{told['stream']}", json.dumps(asked).encode())

    async def _on_message(self, message: Msg) -> None:
        self.heard_s = asyncio.get_running_loop().time()
        stream = int(message.subject.rsplit(".", 1)[1]) if message.subject.startswith(self._inbox) else None
        status = (message.headers or {}).get("Status")
        if status is not None and stream is not None:
            self._on_status(stream, status, (message.headers or {}).get("Description", ""))
            return
        delivery = _delivery(message)
        if delivery is None:
            await self._client.publish(message.reply, b"+TERM")
            return
        owed = _stream_of(message.reply)
        self._credit[owed] = max(self._credit[owed] - 1, 0)
        self._held[delivery.reply] = None
        self._arrived.put_nowait(delivery)

    def _on_status(self, stream: int, status: str, description: str) -> None:
        """The end of a pull. Its time or its count ran out: the next one is sent. Anything else needs a new link."""
        is_over = status in {"404", "408"} or (status == "409" and "Exceeded" in description)
        if is_over:
            self._credit[stream] = 0
            self._renew_at[stream] = 0.0
        elif status != "100":
            self._lost.set()

    async def _pull(self) -> None:
        now = asyncio.get_running_loop().time()
        for stream in range(subjects.STREAMS):
            if self._credit[stream] > 0 and now < self._renew_at[stream]:
                continue
            self._credit[stream] = _PULL
            self._renew_at[stream] = now + _PULL_S + _GRACE_S
            asked = {"batch": _PULL, "expires": int(_PULL_S * _NANOS)}
            subject = f"$JS.API.CONSUMER.MSG.NEXT.{_name(stream)}.{CONSUMER}"
            await self._connection.publish(subject, json.dumps(asked).encode(), reply=f"{self._inbox}.{stream}")

    async def _ensure(self, stream: int) -> None:
        name = _name(stream)
        config = {
            "name": name,
            "subjects": subjects.stream_subjects(stream),
            "retention": "workqueue",
            "storage": "file",
            "discard": "new",
            "max_age": 72 * 3600 * _NANOS,
            "max_msg_size": 512 * 1024,
            "max_bytes": 512 * 1024 * 1024,
            # A venue has a few batches in flight; one that publishes without end fills no neighbour's stream.
            "max_msgs_per_subject": _OF_ONE_VENUE,
            "discard_new_per_subject": True,
            "num_replicas": 1,
        }
        if not await self._api(f"STREAM.CREATE.{name}", config):
            await self._api(f"STREAM.UPDATE.{name}", config)
        await self._api(
            f"CONSUMER.DURABLE.CREATE.{name}.{CONSUMER}",
            {
                "stream_name": name,
                "config": {
                    "durable_name": CONSUMER,
                    "ack_policy": "explicit",
                    "ack_wait": int(_ACK_WAIT_S * _NANOS),
                    "max_deliver": MAX_DELIVER,
                    "deliver_policy": "all",
                    "max_ack_pending": 4 * _PULL,
                    "replay_policy": "instant",
                },
            },
        )

    async def _api(self, subject: str, asked: object) -> bool:
        """Whether it was made; False when one of that name is there already, made otherwise."""
        try:
            message = await self._client.request(f"$JS.API.{subject}", json.dumps(asked).encode(), timeout=_REQUEST_S)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            raise LinkLost(f"{subject}: {type(error).__name__} {error}") from error
        problem = json.loads(message.data).get("error")
        if problem and problem.get("err_code") not in _EXISTS:
            raise LinkLost(f"{subject}: {problem}")
        return not problem


@contextlib.asynccontextmanager
async def hub_link(
    url: str, creds: Path | None, *, on_error: OnError, on_given_up: Callable[[str], None] = lambda stream: None
) -> AsyncIterator[HubLink]:
    """A fresh connection that listens; closed at the end. `on_given_up` hears of each batch that came as often as it may.

    Raises:
        LinkLost: the server is away, or refuses these credentials.
    """
    async with connected(url, creds, name="hos-hub", on_error=on_error) as connection:
        link = HubLink(connection, on_given_up)
        try:
            await link.start()
            yield link
        finally:
            link.drop_asks()


def _delivery(message: Msg) -> Delivery | None:
    try:
        account, venue_id = subjects.origin_of(message.subject)
    except ValueError:
        return None
    return Delivery(account, venue_id, message.headers, message.data, message.reply)


def _stream_of(reply: str) -> int:
    """`$JS.ACK.<stream>.…`, or with a domain and an account hash before the stream."""
    tokens = reply.split(".")
    name = tokens[2] if len(tokens) < 11 else tokens[4]
    return int(name.removeprefix("UP_"))


def _name(stream: int) -> str:
    return f"UP_{stream:02}"
