"""Closed checks over HTTP: found by what a person remembers of them, a page at a time, each with its story."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from edge import app as root
from edge.ordering.closed import PAGE
from edge.ordering.history import TOLD, UNTOLD
from shared.commands.cash import OpenDrawer, OpenDrawerWithoutSale
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, AdjustCheck, AdjustLine, OpenCheck, RemoveAdjustment, VoidLine
from shared.ops import OPS
from tests.real_venue import MINUTE_MS, RealVenue, a_real_venue, pair

EMPANADA_MINOR = 1_200_00


@contextlib.asynccontextmanager
async def asked_over_http(venue: RealVenue) -> AsyncIterator[httpx.AsyncClient]:
    """The venue's HTTP side, with a kitchen screen beside the others."""
    await pair(venue, "oven", "kds")
    app = root.build_app(venue.edge)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://edge") as http:
        yield http


async def asked(http: httpx.AsyncClient, path: str, key: str = "till", **more: str) -> Any:
    headers = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in more.items()}}
    answer = await http.get(path, headers=headers)
    return answer.json()


async def closed(http: httpx.AsyncClient, text: str = "", **query: str) -> list[str]:
    answer = await http.get("/checks/closed", params={"text": text, **query}, headers={"Authorization": "Bearer till"})
    return [check["check_id"] for check in answer.json()["checks"]]


async def at_table(venue: RealVenue, check_id: str, table_id: str, item_id: str, price_minor: int, at_ms: int) -> None:
    await venue.do(
        "ana",
        OpenCheck(check_id=check_id, table_id=table_id, covers=2),
        AddLines(check_id=check_id, lines=(LineAsk(line_id="l1", item_id=item_id),)),
        SendLines(check_id=check_id),
        at_ms=at_ms,
    )
    await venue.pay_by_card(check_id, price_minor, at_ms=at_ms + MINUTE_MS)


async def test_a_closed_check_is_found_by_what_a_person_remembers(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await at_table(venue, "water", "t1", "agua", 1_500_00, 0)
        await at_table(venue, "empanada", "t2", "empanada", EMPANADA_MINOR, 10 * MINUTE_MS)
        await venue.serve("open", at_ms=20 * MINUTE_MS)
        async with asked_over_http(venue) as http:
            assert await closed(http) == ["empanada", "water"]
            assert await closed(http, "agua") == ["water"]
            assert await closed(http, "ÁNA 1500") == ["water"]
            assert await closed(http, "1.200,00") == ["empanada"]
            assert await closed(http, "#2") == ["empanada"]  # its number, and its table
            assert await closed(http, "agua empanada") == []
            assert await closed(http, "100%") == []
            assert await closed(http, day="2020-01-01") == []


async def test_pages_join_without_a_gap_or_a_repeat(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        for n in range(2 * PAGE + 5):
            await venue.serve(f"c{n}", at_ms=n * 7 * MINUTE_MS)
            await venue.pay_by_card(f"c{n}", EMPANADA_MINOR, at_ms=n * 7 * MINUTE_MS)
        async with asked_over_http(venue) as http:
            found, after, pages = [], "", 0
            while pages == 0 or after:
                page = await asked(http, f"/checks/closed?after={after}")
                found += [check["check_id"] for check in page["checks"]]
                after, pages = page["next"], pages + 1
    assert pages == 3
    assert found == [f"c{n}" for n in reversed(range(2 * PAGE + 5))]


async def test_one_check_tells_what_was_done_on_it_and_by_whom(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await at_table(venue, "other", "t2", "agua", 1_500_00, 0)
        await at_table(venue, "water", "t1", "agua", 1_500_00, 0)
        async with asked_over_http(venue) as http:
            whole = await asked(http, "/checks/water")
            assert whole["check"]["state"] == "closed"
            story = [(one["kind"], one["by_name"], one["device_name"], one["amount_minor"]) for one in whole["history"]]
            assert story == [
                ("check_opened", "Ana", "phone", 0),
                ("lines_added", "Ana", "phone", 1_500_00),
                ("lines_sent", "Ana", "phone", 0),
                ("payment_taken", "Ana", "phone", 1_500_00),
                ("check_closed", "Ana", "phone", 1_500_00),
                ("receipt_printed", "Ana", "phone", 1_500_00),
            ]
            assert whole["history"][1]["dishes"] == ["1 Agua"]
            assert (await asked(http, "/checks/nothing"))["code"] == "check_unknown"


async def test_what_was_given_on_a_check_is_told_by_whom_and_why(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("empanada", "agua"))
        comp = AdjustLine(adjustment_id="a1", check_id="c1", line_id="c1-0", kind="comp", reason="delay")
        ok = await venue.approve("give", comp)
        assert (await venue.ask("ana", comp, approval=ok, id="give")).outcome == "done"
        await venue.do(
            "mara",
            AdjustCheck(adjustment_id="a2", check_id="c1", kind="discount", rate_bp=1000, reason="amigos"),
            RemoveAdjustment(check_id="c1", adjustment_id="a2"),
            AdjustCheck(adjustment_id="a3", check_id="c1", kind="discount", rate_bp=2000, reason="vecinos"),
            at_ms=MINUTE_MS,
        )
        async with asked_over_http(venue) as http:
            whole = await asked(http, "/checks/c1")
            page = await asked(http, "/staff/audit", "till2", x_staff_session="s-mara")
    told = [
        (one["kind"], one["adjustment"], one["by_name"], one["approved_by_name"], one["amount_minor"], one["reason"])
        for one in whole["history"]
        if one["adjustment"]
    ]
    assert told == [
        ("adjusted", "comp", "Ana", "Mara", -EMPANADA_MINOR, "delay"),
        ("adjusted", "discount", "Mara", "", -150_00, "amigos"),
        ("adjustment_removed", "discount", "Mara", "", 150_00, ""),
        ("adjusted", "discount", "Mara", "", -300_00, "vecinos"),
    ]
    assert [one["dishes"] for one in whole["history"] if one["adjustment"] == "comp"] == [["1 Empanada"]]
    given = [
        (one["kind"], one["by_name"], one["approved_by_name"], one["dish"], one["quantity"], one["amount_minor"])
        for one in page["moments"]
        if one["kind"] in {"comp", "discount"}
    ]
    assert given == [("discount", "Mara", "", "", 0, -300_00), ("comp", "Ana", "Mara", "Empanada", 1, -EMPANADA_MINOR)]


def test_everything_that_names_a_check_is_told_or_left_out_on_purpose() -> None:
    of_checks = {kind for kind, op in OPS.items() if "check_id" in op.__struct_fields__}
    assert of_checks == TOLD | UNTOLD
    assert not TOLD & UNTOLD


def test_screens_have_a_word_for_everything_that_is_told() -> None:
    words = (Path(__file__).parents[3] / "webui/src/features/past/words.ts").read_text(encoding="utf-8")
    assert [kind for kind in sorted(TOLD) if f"  {kind}: m.past_{kind}," not in words] == []


@pytest.mark.parametrize("path", ["/checks/closed", "/checks/water"])
async def test_a_kitchen_screen_and_a_stranger_are_told_nothing(tmp_path: Path, path: str) -> None:
    async with a_real_venue(tmp_path) as venue, asked_over_http(venue) as http:
        assert (await asked(http, path, "oven"))["code"] == "not_for_device"
        assert (await asked(http, path, "nobody"))["code"] == "device_unknown"


async def test_the_audit_is_for_who_may_see_it_and_names_who_did_what(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        assert await venue.code("ana", VoidLine(check_id="c1", line_id="c1-0", quantity=1, reason="x"), at_ms=60_000)
        await venue.do(
            "mara",
            VoidLine(check_id="c1", line_id="c1-0", quantity=1, reason="frío"),
            OpenDrawer(session_id="d1", drawer_id="till2", drawer_name="Barra", float_minor=0),
            OpenDrawerWithoutSale(session_id="d1", reason="cambio"),
            at_ms=120_000,
        )
        async with asked_over_http(venue) as http:
            assert (await asked(http, "/staff/audit", "till2"))["code"] == "needs_permission"
            assert (await asked(http, "/staff/audit", "phone", x_staff_session="s-ana"))["code"] == "needs_permission"
            assert (await asked(http, "/staff/audit", "phone", x_staff_session="s-mara"))["code"] == "needs_sign_in"
            page = await asked(http, "/staff/audit", "till2", x_staff_session="s-mara")
    told = [(one["kind"], one["by_name"], one["code"] or one["reason"]) for one in page["moments"]]
    assert ("refusal", "Ana", "needs_manager") in told
    assert ("void", "Mara", "frío") in told
    assert ("no_sale", "Mara", "cambio") in told
    assert page["next_ms"] == 0
