"""POST /menu/spreadsheet: looked at by whoever may publish, refused row by row, and in force only when it was asked for."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from edge import app as root
from edge.floor.reads import language
from edge.menu.load import station_names
from edge.menu.reads import newest_menu
from edge.menu.spreadsheet.files import csv_bytes
from edge.menu.spreadsheet.writing import one_sheet
from shared.commands.staff import RecordSignIn
from tests.real_venue import RealVenue, a_real_venue, pair


@contextlib.asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[tuple[RealVenue, httpx.AsyncClient]]:
    """The manager at the office's screen."""
    async with a_real_venue(folder) as venue:
        await pair(venue, "office", "manage")
        await venue.do("edge", RecordSignIn(session_id="s-office", staff_id="mara", on_device_id="office"))
        headers = {"Authorization": "Bearer office", "X-Staff-Session": "s-office"}
        wire = httpx.ASGITransport(app=root.build_app(venue.edge))
        async with httpx.AsyncClient(transport=wire, base_url="http://edge", headers=headers) as client:
            yield venue, client


def sheet(venue: RealVenue, *changes: tuple[str, str]) -> bytes:
    """The menu in force as a file, with words in it changed."""

    def written(conn: Any) -> str:
        published = newest_menu(conn)
        assert published is not None and language(conn) == "es"
        grid = one_sheet(published.menu, stations=station_names(conn), language="es")
        return csv_bytes(grid, delimiter=";").decode("utf-8-sig")

    text = venue.edge.reads.run_here(written)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


async def send(client: httpx.AsyncClient, content: bytes, *, name: str = "carta.csv", **query: str) -> Any:
    response = await client.post("/menu/spreadsheet", params={"name": name, **query}, content=content)
    return response.json()


async def test_it_is_looked_at_first_and_published_when_asked(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (venue, client):
        content = sheet(venue, ("Flan", "Flan mixto"))
        looked = await send(client, content)
        assert (looked["fault"], looked["refused"], looked["changed"]) == ("", [], ["Flan mixto"])
        assert (looked["version"], looked["is_published"]) == (1, False)
        assert venue.rows("SELECT COUNT(*) FROM menu_version") == [(1,)]
        published = await send(client, content, publish="true")
        assert (published["version"], published["is_published"]) == (2, True)
        again = await send(client, content)
        assert (again["added_count"], again["changed_count"], again["removed_count"]) == (0, 0, 0)
        (by,) = venue.rows("SELECT staff_id FROM log ORDER BY seq DESC LIMIT 1")
        assert by == ("mara",)


async def test_a_wrong_row_is_named_and_nothing_is_published(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (venue, client):
        content = sheet(venue, ("Flan;;;;4000", "Flan;;;;cuatro mil"))
        report = await send(client, content, publish="true")
        assert report["is_published"] is False and report["refused_rows"] == 1
        assert report["refused"][0]["value"] == "cuatro mil" and report["refused"][0]["row"] > 1
        in_english = await send(client, content, language="en")
        assert in_english["refused"][0]["reason"] != report["refused"][0]["reason"]
        assert venue.rows("SELECT COUNT(*) FROM menu_version") == [(1,)]


async def test_a_file_that_is_none_says_so(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (_, client):
        for name in ("carta.pdf", "carta.xlsx", "../../carta.csv"):
            report = await send(client, b"\x00\x01 no", name=name, publish="true")
            assert report["fault"] and not report["is_published"], name


async def test_only_whoever_may_publish_sees_anything(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (venue, client):
        content = sheet(venue)
        client.headers["X-Staff-Session"] = ""
        assert (await send(client, content))["code"] == "needs_permission"
        client.headers.update({"Authorization": "Bearer phone", "X-Staff-Session": "s-ana"})
        assert (await send(client, content))["code"] == "not_for_device"
        client.headers["Authorization"] = "Bearer nobody"
        assert (await send(client, content))["code"] == "device_unknown"
