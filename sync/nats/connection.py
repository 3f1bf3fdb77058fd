"""One connection to NATS, from both ends of the pipe. It lives once: what is lost is made again by whoever needs it.

nats-py would reconnect by itself, and then resend what it had buffered and forget what JetStream forgot; so it may not.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import nats.errors
from nats.aio.client import Client

OnError = Callable[[Exception], None]
_CONNECT_S = 5
_CLOSE_S = 2.0
_PING_S = 10


class LinkLost(Exception):
    """The connection, or something it needs at the server, is gone; a new link is needed."""

    @property
    def was_answered(self) -> bool:
        """Whether somebody answered at that address, if only with a no: then the way there is open."""
        why = self.__cause__
        if isinstance(why, TimeoutError):  # NATS's own is one too
            return False
        return not isinstance(why, OSError) or isinstance(why, ConnectionError | ssl.SSLError)


class _GuardedClient(Client):
    """nats-py's client, with two holes closed that it has at least until 2.15.

    A header whose first line is no UTF-8 raises out of its reading task, which then ends and says nothing: the connection stays
    open and deaf until its own pings fail. One small message of one venue would silence the hub for every business, and again
    each time the stream delivers it.
    """

    def __init__(self, on_error: OnError, on_deaf: Callable[[], None]) -> None:
        super().__init__()
        self._say = on_error
        self._on_deaf = on_deaf

    async def _process_headers(self, headers: bytes) -> dict[str, str] | None:
        """Headers that cannot be read are none: no message of ours depends on one."""
        try:
            return await super()._process_headers(headers)
        except Exception as error:
            self._say(error)
            return None

    async def _read_loop(self) -> None:
        """However reading ends, nothing more comes over this connection."""
        try:
            await super()._read_loop()
        finally:
            self._on_deaf()


class Connection:
    """A connected client, and the moment it ends."""

    def __init__(self, client: Client, lost: asyncio.Event) -> None:
        self.client = client
        self.lost = lost

    async def publish(self, subject: str, payload: bytes, *, reply: str = "") -> None:
        """Hand a message to the server. That it arrived says nothing of what becomes of it.

        Raises:
            LinkLost: the connection is gone.
        """
        try:
            await self.client.publish(subject, payload, reply=reply)
        except (nats.errors.Error, OSError) as error:
            raise LinkLost(f"{type(error).__name__} {error}") from error


@contextlib.asynccontextmanager
async def connected(
    url: str, creds: Path | None, *, name: str, on_error: OnError, inbox_prefix: str = "_INBOX"
) -> AsyncIterator[Connection]:
    """A fresh connection, closed at the end. `on_error` hears what the server complains of, a refused permission for one.

    Raises:
        LinkLost: the server is away, or refuses these credentials.
    """
    lost = asyncio.Event()

    async def on_lost() -> None:
        lost.set()

    last: list[Exception] = []  # what the last try to connect failed with: the client itself says only that it did

    async def report(error: Exception) -> None:
        last[:] = [error]
        on_error(error)

    client = _GuardedClient(on_error, lost.set)
    try:
        try:
            await client.connect(
                url,
                name=name,
                user_credentials=str(creds) if creds is not None else None,
                inbox_prefix=inbox_prefix,
                allow_reconnect=False,
                max_reconnect_attempts=1,  # else it tries sixty times by itself before it says a word to us
                reconnect_time_wait=0,
                connect_timeout=_CONNECT_S,
                ping_interval=_PING_S,
                max_outstanding_pings=2,
                error_cb=report,
                disconnected_cb=on_lost,
                closed_cb=on_lost,
            )
        except (nats.errors.Error, OSError, TimeoutError) as error:
            why = last[-1] if last and isinstance(error, nats.errors.NoServersError) else error
            raise LinkLost(f"{type(why).__name__}: {why}") from why
        yield Connection(client, lost)
    finally:
        await _closed(client)


async def _closed(client: Client) -> None:
    """End it, whatever state the server is in; a client whose peer is dead may throw anything at this point."""
    try:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_CLOSE_S):
                await client.close()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise  # somebody wants us to stop; any other escaped from inside the client
