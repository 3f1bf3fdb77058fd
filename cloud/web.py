"""What the hub answers beside its slices: the owner's app, health and metrics, and every refusal in one form."""

from pathlib import Path
from typing import Any

import msgspec
import structlog
from litestar import MediaType, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap

from cloud.engine.database import AWAY
from cloud.rejections import Rejected
from shared.errors import Fact, Rejection

MAX_BODY_BYTES = 64 * 1024
OPENAPI = OpenAPIConfig(title="Hospitality OS hub", version="1", path="/schema")

_CODES = {401: "needs_sign_in", 404: "not_found", 413: "too_large"}
# Inline styles are Svelte's transitions; everything else comes from the hub itself.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

_logger = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]
#: Typefaces and pictures are packed already.
_COMPRESSED = CompressionConfig(backend="gzip", gzip_compress_level=6, exclude=[r"\.(woff2|png)$"])


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
        found += _owners(web_dir / "owner")
    return found


def _owners(folder: Path) -> list[ControllerRouterHandler]:
    """What a new release must replace at once, and what carries its content in its name."""
    parts = ((folder, "/owner", _may_change), (folder / "assets", "/owner/assets", _stays))
    return [
        create_static_files_router(
            path=path,
            directories=[directory],
            html_mode=directory == folder,
            name=f"screens{path.replace('/', '-')}",
            after_request=headers,
            include_in_schema=False,
            middleware=[DefineMiddleware(CompressionMiddleware, config=_COMPRESSED)],
        )
        for directory, path, headers in parts
        if directory.is_dir()
    ]


def private(response: Response[Any]) -> Response[Any]:
    """Figures belong to who asked: no cache on the way keeps them."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _may_change(response: Response[Any]) -> Response[Any]:
    return _with(response, "no-cache")


def _stays(response: Response[Any]) -> Response[Any]:
    return _with(response, "public, max-age=31536000, immutable")


def _with(response: Response[Any], cache_control: str) -> Response[Any]:
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", cache_control)
    return response


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
