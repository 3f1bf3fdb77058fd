"""What the hub answers beside its slices: the owner's app, health and metrics, and every refusal in one form."""

from pathlib import Path
from typing import Any

import msgspec
import structlog
from litestar import MediaType, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap

from cloud.engine.database import AWAY
from cloud.rejections import Rejected
from doors.pages import API_PAGES, said_to_browsers
from doors.pages import screens as files_of
from shared.errors import Fact, Rejection

MAX_BODY_BYTES = 64 * 1024
OPENAPI = OpenAPIConfig(title="Hospitality OS hub", version="1", path="/schema", render_plugins=API_PAGES)

_CODES = {401: "needs_sign_in", 404: "not_found", 413: "too_large"}

_logger = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How this hub is."""

    database: bool
    nats: str  # off, waiting, connected, or deaf: connected, and no stream answered for a minute and a half
    entries: int  # stored since the start
    refused: int  # batches refused since the start
    store: str  # why the last try to store failed: full, read_only or away; "" while all is well
    heard_ago_s: int  # since a stream last answered the hub's pull, be it with nothing; -1 without a link
    stored_ago_s: int  # since the last commit that brought entries; -1 when none did since the start


def screens(web_dir: Path | None) -> list[ControllerRouterHandler]:
    """The owner's app, when it was built."""

    @get("/", include_in_schema=False)
    async def start() -> Redirect:
        """The hub has one app."""
        return Redirect("/owner/")

    found: list[ControllerRouterHandler] = [start]
    if web_dir is not None:
        found += files_of(web_dir / "owner", "owner")
    return found


def private(response: Response[Any]) -> Response[Any]:
    """Figures belong to who asked: no cache on the way keeps them."""
    response.headers.setdefault("Cache-Control", "no-store")
    return said_to_browsers(response)


def _refused(request: AnyRequest, refused: Rejected) -> Response[Rejection]:
    wait_s = refused.facts.get("retry_after_s")
    headers = {"Retry-After": str(wait_s)} if wait_s is not None else {}
    return _answer(refused.code, refused.facts, refused.status, headers)


def _malformed(request: AnyRequest, error: Exception) -> Response[Rejection]:
    return _answer("malformed", {"where": "body", "why": str(error)[:200]}, 400)


def _http(request: AnyRequest, error: HTTPException) -> Response[Rejection]:
    code = _CODES.get(error.status_code, "malformed")
    facts: dict[str, Fact] = {"limit_bytes": MAX_BODY_BYTES} if code == "too_large" else {}
    if code == "malformed":
        facts = {"where": "request", "why": error.detail[:200]}
    return _answer(code, facts, error.status_code, dict(error.headers or {}))


def _away(request: AnyRequest, error: Exception) -> Response[Rejection]:
    _logger.warning("a request waits for Postgres", why=str(error))
    return _answer("busy", {}, 503, {"Retry-After": "2"})


def _failed(request: AnyRequest, error: Exception) -> Response[Rejection]:
    _logger.error("a request failed", path=request.url.path, exc_info=error)
    return _answer("failed", {}, 500)


def _answer(
    code: str, facts: dict[str, Fact], status: int, headers: dict[str, str] | None = None
) -> Response[Rejection]:
    return private(
        Response(
            Rejection(code=code, facts=facts), status_code=status, headers=headers or {}, media_type=MediaType.JSON
        )
    )


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Rejected: _refused,
    msgspec.MsgspecError: _malformed,
    UnicodeDecodeError: _malformed,
    RecursionError: _malformed,  # brackets nested a thousand deep
    HTTPException: _http,
    **{kind: _away for kind in AWAY},
    Exception: _failed,
}
