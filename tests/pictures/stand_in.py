"""What a page is told when there is no edge: its files, its key, a person, and the frames that a real edge once said."""

import functools
import json
import mimetypes
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, WebSocketRoute

from tests.pictures.crowd import crowded

ORIGIN = "http://venue.test"
PEOPLE = {"waiter": "ana", "pos": "mara", "kds": "mara"}


class StandIn:
    """The edge of one tree: its built screens and the frames its tests keep."""

    def __init__(self, tree: Path, app: str, state: str) -> None:
        self._tree = tree
        self._dist = tree / "webui" / "dist"
        self._frames = json.loads((tree / "tests/golden/frames" / f"{app}.json").read_text(encoding="utf-8"))
        self._app = app
        self._state = state
        self._has_greeted = False

    @property
    def person_name(self) -> str:
        """Whose name is pressed to sign in; "" where nobody does."""
        wanted = PEOPLE.get(self._app, "")
        return next((value["name"] for kind, key, value in self.views if kind == "staff" and key == wanted), "")

    @property
    def now_ms(self) -> int:
        """The time of the evening: that of the recorded beat."""
        now: int = self._frames["beats"]["live"]["now_ms"]
        return now

    @functools.cached_property
    def views(self) -> list[Any]:
        """What a device is shown first."""
        found: list[Any] = self._frames["empty" if self._state == "empty" else "service"]["views"]
        return crowded(found) if self._state == "crowded" else found

    def serve(self, page: Page) -> None:
        """Answer everything this page asks; nothing leaves the machine."""
        page.route("**/*", self._answer)
        page.route_web_socket("**/feed", self._follow)

    def _follow(self, socket: WebSocketRoute) -> None:
        if self._state == "offline" and self._has_greeted:
            return  # whoever comes back hears nothing any more
        beat = self._frames["beats"]["stuck" if self._state == "stuck" else "live"]
        first = {**self._frames["service"], "seq": beat["seq"], "views": self.views}
        socket.on_message(lambda text: self._greet(socket, json.loads(text)["type"], first, beat))

    def _greet(self, socket: WebSocketRoute, said: str, *frames: Any) -> None:
        if said == "hello":
            self._has_greeted = True
            for frame in frames:
                socket.send(json.dumps(frame))

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path in {"/commands", "/guest-api/commands"}:
            asked = json.loads(route.request.post_data or "{}").get("commands", [])
            route.fulfill(json={"answers": [{"id": one["id"], "outcome": "done", "seq": 1} for one in asked]})
        elif path in self._answers:
            route.fulfill(json=self._answers[path])
        elif path == "/guest-api/events":
            self._tell_guest(route)
        else:
            name = path.removeprefix("/")
            self._file(route, self._dist / (f"{name}index.html" if name.endswith("/") else name))

    def _file(self, route: Route, file: Path) -> None:
        if not file.is_file():
            return route.fulfill(status=404, json={"code": "malformed", "facts": {}})
        return route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream")

    def _tell_guest(self, route: Route) -> None:
        if self._state == "offline":
            return route.abort()
        told = "".join(
            f"event: guest\ndata: {json.dumps(value)}\n\n" for kind, _, value in self.views if kind == "guest"
        )
        return route.fulfill(content_type="text/event-stream", body=f"retry: 600000\n\n{told}")

    @functools.cached_property
    def _answers(self) -> dict[str, Any]:
        device = {
            "device_id": "picture",
            "role": self._app,
            "name": "Tablet",
            "station_id": "cocina",
            "drawer_id": "till",
        }
        return {
            "/devices/pairings/mine": {"state": "approved", **device},
            "/staff/sign-in": {"session": "s", **self._person()},
            "/guest-api/join": self._visit(),
            "/guest-api/menu": {"version": 1, "published_at_ms": self.now_ms, "menu": self._menu()},
        }

    def _person(self) -> dict[str, Any]:
        people = {key: value for kind, key, value in self._frames["service"]["views"] if kind == "staff"}
        person = people.get(PEOPLE.get(self._app, ""), {"staff_id": "", "name": "", "role": "", "permissions": []})
        return {name: person[name] for name in ("staff_id", "name", "role", "permissions")}

    def _visit(self) -> dict[str, Any]:
        return {
            "visit_id": "v1",
            "table_label": "2",
            "venue_name": "La Esquina del Buen Comer",
            "language": "es-AR",
            "currency": "ARS",
            "wifi_name": "",
            "cover_charge_minor": 0,
            "max_waiting_drafts": 3,
            "paused": False,
        }

    def _menu(self) -> Any:
        told = (self._tree / "tests/golden/frames/waiter.json").read_text(encoding="utf-8")
        return next(value for kind, _, value in json.loads(told)["service"]["views"] if kind == "menu")["menu"]
