"""The demo's start page: links into every app, PINs, QR codes, screens that wait, the paper, the rush. Loopback only."""

import asyncio
import contextlib
import hashlib
import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import segno
import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.response import Redirect

from installer.demo.describe import parts, tables
from installer.demo.edge_client import Refused
from installer.demo.fleet import Venue
from installer.demo.places import STATIONS
from installer.demo.system import edge_name

if TYPE_CHECKING:
    from installer.demo.demo import Demo

FILES = {"start_page.css": "text/css", "start_page.js": "text/javascript"}
NAMES = {
    "waiter": "Navegador",
    "pos": "Caja del navegador",
    "kds": "Pantalla del navegador",
    "manage": "Oficina del navegador",
}
_A_YEAR_S = 365 * 86_400

AnyRequest = Request[Any, Any, Any]


class RushAsk(msgspec.Struct, frozen=True):
    """Whether people shall come."""

    is_on: bool


class StartPage:
    """The page and what its buttons do, on a port of its own."""

    def __init__(self, demo: "Demo") -> None:
        self._demo = demo
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Serve; the address."""
        listener = socket.create_server(("127.0.0.1", self._demo.home.port("page")))
        config = uvicorn.Config(self._app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        return self._demo.system.address("page")

    async def stop(self) -> None:
        """Stop serving."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task

    def state(self) -> dict[str, Any]:
        """All that the page shows."""
        demo = self._demo
        return {
            "businesses": [
                {
                    "name": business.name,
                    "owner": {
                        "app": demo.system.address("hub") + "/owner/",
                        "name": business.owner_name,
                        "email": business.owner_email,
                        "password": demo.home.kept.owner_passwords[business.id],
                    },
                    "venues": [self._venue(venue) for venue in business.venues],
                }
                for business in demo.system.businesses
            ],
            "parts": parts(demo),
            "health": {
                "hub": demo.system.address("hub") + "/healthz",
                **{edge_name(venue): demo.system.edge_of(venue) + "/health" for venue in demo.system.venues},
            },
            "paper": demo.system.address("printers"),
            "rush": {
                "is_on": bool(demo.rushes),
                "counts": {id: msgspec.to_builtins(rush.counts) for id, rush in demo.rushes.items()},
            },
            "data_dir": str(demo.home.folder),
        }

    def _venue(self, venue: Venue) -> dict[str, Any]:
        screens = self._demo.desks[venue.id].screens
        return {
            "id": venue.id,
            "name": venue.name,
            "url": self._demo.system.edge_of(venue),
            "staff": [msgspec.to_builtins(person) for person in venue.staff],
            "stations": [{"id": station.id, "name": station.name} for station in STATIONS],
            "tables": tables(self._demo, venue),
            "pairings": self._demo.desks[venue.id].waiting(),
            "open_checks": sum(check["state"] == "open" for check in screens.all("check")),
            "attention": sum(card["kind"] != "nudge" for card in screens.all("attention")),
        }

    def _app(self) -> Litestar:
        demo = self._demo

        @get("/", sync_to_thread=False)
        def page() -> Response[bytes]:
            return _file("start_page.html", "text/html")

        @get(["/start_page.css", "/start_page.js"], sync_to_thread=False)
        def file(request: AnyRequest) -> Response[bytes]:
            name = request.url.path.removeprefix("/")
            return _file(name, FILES[name])

        @get("/state", sync_to_thread=False)
        def state() -> Response[dict[str, Any]]:
            return Response(self.state(), headers={"Cache-Control": "no-store"})

        @get("/font.woff2", sync_to_thread=False)
        def font() -> Response[bytes]:
            return Response(_font(demo.web_dir), media_type="font/woff2", headers={"Cache-Control": "max-age=86400"})

        @get("/qr/{venue_id:str}/{table_id:str}", sync_to_thread=False)
        def qr(venue_id: str, table_id: str) -> Response[bytes]:
            self._desk(venue_id)
            urls = {code["table_id"]: code["url"] for code in demo.codes[venue_id]}
            if table_id not in urls:
                raise NotFoundException("no such table")
            return Response(_svg(urls[table_id]), media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})

        @get("/open/{venue_id:str}/{app:str}")
        async def open_app(request: AnyRequest, venue_id: str, app: str, station: str = "") -> Redirect:
            return await self._open(request, venue_id, app, station)

        @post("/pairings/{venue_id:str}/{pairing_id:str}", status_code=204)
        async def approve(venue_id: str, pairing_id: str, station: str = "") -> None:
            await self._desk(venue_id).approve(pairing_id, station_id=station)

        @post("/rush", status_code=204)
        async def rush(data: RushAsk) -> None:
            await (demo.begin_rush() if data.is_on else demo.end_rush())

        return Litestar(
            route_handlers=[page, file, state, font, qr, open_app, approve, rush],
            before_request=_only_ours,
            exception_handlers={Refused: _refused},
            openapi_config=None,
            logging_config=None,
        )

    def _desk(self, venue_id: str) -> Any:
        if venue_id not in self._demo.desks:
            raise NotFoundException("no such venue")
        return self._demo.desks[venue_id]

    async def _open(self, request: AnyRequest, venue_id: str, app: str, station: str) -> Redirect:
        """Into an app, on a screen that was paired for this browser; the same browser is the same screen again."""
        desk = self._desk(venue_id)
        if app not in NAMES or (station and station not in {one.id for one in STATIONS}):
            raise NotFoundException("no such app")
        cookie = "screen-" + hashlib.sha256(f"{venue_id}/{app}/{station}".encode()).hexdigest()[:12]
        key = request.cookies.get(cookie, "")
        if not key or not await desk.is_welcome(key):
            key = await desk.new_screen(app, NAMES[app], station_id=station)
        kept = Cookie(key=cookie, value=key, path="/open", max_age=_A_YEAR_S, httponly=True, samesite="lax")
        address = f"{desk.address}/{app}/#key={key}"
        return Redirect(address, status_code=303, cookies=[kept], headers={"Cache-Control": "no-store"})


class _Server(uvicorn.Server):
    """Leaves the signals to the demo."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _only_ours(request: AnyRequest) -> None:
    """A page of another site may neither read this one by a trick with names nor press its buttons."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in {"127.0.0.1", "localhost"}:
        raise PermissionDeniedException("ask by the address that the demo printed")
    origin = request.headers.get("origin", "")
    if request.method != "GET" and origin and origin.split("://")[-1] != request.headers.get("host", ""):
        raise PermissionDeniedException("only the start page itself presses its buttons")


def _refused(request: AnyRequest, refused: Exception) -> Response[dict[str, str]]:
    assert isinstance(refused, Refused)
    return Response({"code": refused.code}, status_code=409)


def _file(name: str, media_type: str) -> Response[bytes]:
    content = Path(__file__).with_name(name).read_bytes()
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _svg(url: str) -> bytes:
    target = io.BytesIO()
    segno.make(url, micro=False, error="m").save(
        target, kind="svg", border=2, dark="#1E2422", svgclass=None, omitsize=True
    )
    return target.getvalue()


def _font(web_dir: Path | None) -> bytes:
    """The staff apps' own font, out of their build."""
    found = next(iter((web_dir or Path()).glob("waiter/assets/*.woff2")), None)
    if found is None:
        raise ClientException("the screens have no font")
    return found.read_bytes()
