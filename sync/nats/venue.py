"""The edge's end of the pipe: ships batches, asks the hub, hears what it has committed. The other end is `sync.nats.hub`."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import nats.errors
from nats.aio.msg import Msg

from sync.nats import subjects
from sync.nats.connection import Connection, LinkLost, OnError, connected

__all__ = ["LinkLost", "VenueLink", "venue_link"]

OnAnswer = Callable[[bytes], None]


class VenueLink:
    """A connection as one venue; the server lets it use that venue's subjects and no other."""

    def __init__(self, connection: Connection, venue_id: str) -> None:
        self._connection = connection
        self._venue_id = venue_id

    async def listen(self, on_answer: OnAnswer) -> None:
        """Hear every ACK and NACK from now on.

        Raises:
            LinkLost: the connection is gone.
        """

        async def on_message(message: Msg) -> None:
            on_answer(message.data)

        try:
            await self._connection.client.subscribe(subjects.acks(self._venue_id), cb=on_message)
        except (nats.errors.Error, OSError) as error:
            raise LinkLost(f"{type(error).__name__} {error}") from error

    async def ship(self, payload: bytes) -> None:
        """Publish a batch. No answer is asked for: what the pipe says of it means nothing.

        Raises:
            LinkLost: the connection is gone.
        """
        await self._connection.publish(subjects.batches(self._venue_id), payload)

    async def ask(self, what: str, payload: bytes, *, timeout_s: float) -> bytes | None:
        """The hub's answer to `hello` or `push`; None when there is none in time.

        Raises:
            LinkLost: the connection is gone.
        """
        subject = subjects.asks(self._venue_id, what)
        try:
            message = await self._connection.client.request(subject, payload, timeout=timeout_s)
        except (nats.errors.TimeoutError, nats.errors.NoRespondersError):
            return None
        except (nats.errors.Error, OSError) as error:
            raise LinkLost(f"{type(error).__name__} {error}") from error
        return message.data

    async def wait_lost(self) -> None:
        """Until the connection is gone."""
        await self._connection.lost.wait()


@contextlib.asynccontextmanager
async def venue_link(url: str, creds: Path | None, venue_id: str, *, on_error: OnError) -> AsyncIterator[VenueLink]:
    """A fresh connection, closed at the end.

    Raises:
        LinkLost: the server is away, or refuses these credentials.
    """
    # The inbox is the venue's own, so that no permission has to open `_INBOX.>` to its neighbours.
    inbox = f"_INBOX_{venue_id}"
    async with connected(url, creds, name=f"hos-{venue_id}", on_error=on_error, inbox_prefix=inbox) as connection:
        yield VenueLink(connection, venue_id)
