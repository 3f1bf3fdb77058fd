"""What the edge answers beside its slices: the built screens, its health, and every refusal in one form."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, get
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap

from doors.pages import said_to_browsers, screens
from edge.engine import log
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.door import UNREADABLE
from edge.engine.feed import Feed
from edge.engine.feed_debts import Stuck
from edge.engine.tasks import Died, Tasks
from edge.engine.writer import Busy, Stopped, Writer
from edge.settings import Settings
from edge.upkeep.load import backup
from edge.uplink import Uplink
from shared.errors import Rejected, Rejection

MAX_BODY_BYTES = 256 * 1024
APPS = ("guest", "waiter", "pos", "kds", "manage")

_logger = structlog.get_logger()

_UNAUTHORIZED = {"device_unknown", "device_revoked"}
_STATUS = {
    "too_fast": 429,
    "malformed": 400,
    "too_large": 413,
    "busy": 503,
    "too_slow": 504,
    "stopped": 503,
    "code_invalid": 404,
    "code_expired": 410,
}


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the edge is; `writes` is false after a failed commit."""

    venue_id: str
    seq: int
    writes: bool
    now_ms: int
    hub: str  # off, waiting, or connected
    trouble: str  # why the hub takes nothing more, when a person is needed: one of `sync.sender.Trouble`
    behind: int  # entries the hub has not acknowledged
    devices: int  # that follow the feed
    commits: int  # since the start; commands by commits is how many share one
    commands: int
    host: str  # the address it listens on
    public_url: str  # what QR codes begin with; "" for the address that the till used
    backup_at_ms: int  # when the last good backup was made; 0 when there is none
    backup_trouble: str  # what failed at the last one: copy_…, check_… or second_… and why; "" for nothing
    died: list[Died]  # background tasks that failed since the start, and whether they run again
    stuck: list[Stuck]  # views that cannot be read now


def health_of(
    settings: Settings, *, reads: ReadPool, writer: Writer, feed: Feed, uplink: Uplink, clock: Clock, tasks: Tasks
) -> Callable[[], Awaitable[Health]]:
    """What GET /health answers, from the parts that know."""

    async def health() -> Health:
        seq = await reads.run(log.head_seq)
        acked = await reads.run(_acked)
        last, good = await reads.run(backup, "last"), await reads.run(backup, "good")
        return Health(
            venue_id=settings.venue_id,
            seq=seq,
            writes=not writer.has_failed,
            now_ms=clock.now_ms(),
            hub=uplink.state,
            trouble=uplink.trouble,
            behind=max(seq - acked, 0),
            devices=feed.subscribers,
            commits=writer.commits,
            commands=writer.commands,
            host=settings.host,
            public_url=settings.public_url,
            backup_at_ms=good.made_at_ms if good else 0,
            backup_trouble=last.trouble if last else "",
            died=tasks.died,
            stuck=feed.stuck,
        )

    return health


def handlers(settings: Settings, how_it_is: Callable[[], Awaitable[Health]]) -> list[ControllerRouterHandler]:
    """The handlers that belong to no slice."""

    @get("/health")
    async def health() -> Health:
        """How the edge is, for a technician and for the demo; no secrets."""
        return await how_it_is()

    @get("/", include_in_schema=False)
    async def start() -> Redirect:
        """A screen that knows only the address starts as a waiter's."""
        return Redirect("/waiter/")

    found: list[ControllerRouterHandler] = [health, start]
    if settings.web_dir is not None:
        for app in APPS:
            found += screens(settings.web_dir / app, app)
    return found


def _rejected(request: Request[Any, Any, Any], rejected: Rejected) -> Response[Rejection]:
    status = 401 if rejected.code in _UNAUTHORIZED else _STATUS.get(rejected.code, 409)
    headers = {}
    if "retry_after_s" in rejected.facts:
        headers["Retry-After"] = str(rejected.facts["retry_after_s"])
    return _refusal(rejected.code, rejected.facts, status, headers)


def _malformed(request: Request[Any, Any, Any], error: Exception) -> Response[Rejection]:
    return _refusal("malformed", {"where": "body", "why": str(error)[:200]}, 400)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Rejection]:
    code = "too_large" if error.status_code == 413 else "malformed"
    facts = {"limit_bytes": MAX_BODY_BYTES} if code == "too_large" else {"where": "request", "why": error.detail[:200]}
    return _refusal(code, facts, error.status_code, dict(error.headers or {}))


def _busy(request: Request[Any, Any, Any], error: Exception) -> Response[Rejection]:
    return _refusal("stopped" if isinstance(error, Stopped) else "busy", {}, 503, {"Retry-After": "1"})


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[Rejection]:
    _logger.error("a request failed", path=request.url.path, exc_info=error)
    return _refusal("failed", {}, 500)


def _refusal(code: str, facts: Any, status: int, headers: dict[str, str] | None = None) -> Response[Rejection]:
    answer = Response(
        Rejection(code=code, facts=facts), status_code=status, headers=headers or {}, media_type="application/json"
    )
    return said_to_browsers(answer)


def _acked(conn: sqlite3.Connection) -> int:
    (acked,) = conn.execute("SELECT acked FROM log_identity").fetchone()
    return int(acked)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Rejected: _rejected,
    **dict.fromkeys(UNREADABLE, _malformed),
    HTTPException: _http,
    Busy: _busy,
    Stopped: _busy,
    Exception: _failed,
}
