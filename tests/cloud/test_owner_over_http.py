"""The hub as its owner sees it: set up with its own commands, run as a program, asked over HTTP."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from cloud.__main__ import main
from edge.settings import Settings
from installer.services.nats import Nats
from installer.services.program import Program
from shared.ops.upkeep import BackupMade
from tests.cloud.hub_builders import DAY, NOW_MS, Databases
from tests.cloud.service_day import a_line, a_venue, sold
from tests.cloud.uplink_venue import LogVenue, a_log_venue
from tests.hub_service import PATIENCE_S, until

PASSWORD = "correct horse"
FLEET = {
    "tenants": [
        {
            "tenant_id": "acme",
            "name": "Acme",
            "venues": [
                {"venue_id": "v1", "name": "Palermo"},
                {"venue_id": "v2", "name": "Centro"},
                {"venue_id": "v3", "name": "Norte"},
                {"venue_id": "v4", "name": "Sur"},
            ],
            "owners": [
                {"email": "olga@acme.test", "name": "Olga", "password": PASSWORD},
                {"email": "oscar@acme.test", "name": "Oscar", "password": PASSWORD},
            ],
        },
        {
            "tenant_id": "other",
            "name": "Other",
            "venues": [{"venue_id": "w1", "name": "Rival"}],
            "owners": [{"email": "rita@other.test", "name": "Rita", "password": PASSWORD}],
        },
    ]
}
REPORTS = ("today", "sales/daily", "sales/items", "sales/adjustments", "z-reports", "venues", "live")


class Site:
    """A hub that was set up by its commands alone."""

    def __init__(self, address: str, nats: Nats, made: dict[str, Any]) -> None:
        self.address = address
        self.nats = nats
        self.made = made
        self.sessions: dict[str, tuple[str, str]] = {}  # one sign-in for each owner: the hub slows an address down

    def edge_settings(self, tenant_id: str, venue_id: str, data_dir: Path) -> Settings:
        creds = self.made["tenants"][tenant_id]["venues"][venue_id]
        return Settings(
            data_dir=data_dir, tenant_id=tenant_id, venue_id=venue_id, nats_url=self.nats.url, nats_creds=Path(creds)
        )


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    fleet = folder / "fleet.json"
    fleet.write_text(json.dumps(FLEET))
    database = databases.fresh(empty=True)
    environment = {
        "HOS_DATA_DIR": str(folder / "hub"),
        "HOS_OWNER_DATABASE_URL": databases.owner_url(database),
        "HOS_DATABASE_URL": databases.app_url(database),
        "HOS_READY_FILE": str(folder / "ready"),
    }
    made = _command(environment, "nats", str(fleet), "--port", "-1")
    _command(environment, "migrate")
    _command(environment, "enrol", str(fleet))
    nats = Nats(folder / "nats-server", config_file=Path(made["config"]))
    nats.start()
    environment |= {"HOS_NATS_URL": nats.url, "HOS_NATS_CREDS": made["hub_creds"], "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "cloud", "run", "--port", "0"]
    program = Program("hub", command, log=folder / "hub.log", environment=environment)
    program.start()
    try:
        program.wait_until((folder / "ready").exists)
        yield Site((folder / "ready").read_text(), nats, made)
    finally:
        program.stop()
        nats.stop()


def _command(environment: dict[str, str], *arguments: str) -> Any:
    """What one of the hub's commands printed; it must succeed."""
    printed = Path(environment["HOS_DATA_DIR"]).with_name(f"{arguments[0]}.out")
    with pytest.MonkeyPatch.context() as patch, printed.open("w") as out, contextlib.redirect_stdout(out):
        for name, value in environment.items():
            patch.setenv(name, value)
        assert main(arguments) == 0
    return json.loads(printed.read_text() or "{}")


@contextlib.asynccontextmanager
async def signed_in(site: Site, email: str = "olga@acme.test") -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site.address, timeout=PATIENCE_S) as browser:
        if email not in site.sessions:
            answer = await browser.post("/api/session", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            site.sessions[email] = (answer.json()["csrf"], browser.cookies["hos_session"])
        csrf, cookie = site.sessions[email]
        browser.headers["X-CSRF-Token"] = csrf
        browser.cookies.set("hos_session", cookie, domain="127.0.0.1", path="/")
        yield browser


async def sold_at(site: Site, venue: LogVenue, owner: httpx.AsyncClient, *ops: Any) -> dict[str, Any]:
    """The venue's age once these ops are in its figures."""
    await venue.write(*ops)
    last = venue.rows()[-1][0]
    ages: dict[str, dict[str, Any]] = {}

    def is_counted() -> bool:
        answer = httpx.get(f"{site.address}/api/venues", cookies=dict(owner.cookies))
        ages.update({age["venue_id"]: age for age in answer.json()})
        return bool(ages[venue.settings.venue_id]["projected_seq"] >= last)

    await until(is_counted)
    return ages[venue.settings.venue_id]


async def test_an_owner_signs_in_and_out(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.address, timeout=PATIENCE_S) as browser:
        answer = await browser.post("/api/session", json={"email": "olga@acme.test", "password": PASSWORD})
        session = (await browser.get("/api/session")).json()
        assert answer.json() == session
        browser.headers["X-CSRF-Token"] = session["csrf"]
        assert (session["name"], session["tenant_name"], session["role"]) == ("Olga", "Acme", "owner")
        assert (await browser.delete("/api/session")).status_code == 204
        assert (await browser.get("/api/session")).json()["code"] == "needs_sign_in"


async def test_the_session_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.address) as browser:
        answer = await browser.post("/api/session", json={"email": "olga@acme.test", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie


async def test_what_changes_something_needs_the_pages_token(site: Site) -> None:
    async with signed_in(site) as browser, signed_in(site, "rita@other.test") as stranger:
        for token in ("", "x", stranger.headers["X-CSRF-Token"]):
            answer = await browser.delete("/api/session", headers={"X-CSRF-Token": token})
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf_invalid")
        assert (await browser.get("/api/session")).status_code == 200
        foreign = await browser.post(
            "/api/session", json={"email": "x@y.z", "password": "x"}, headers={"Origin": "https://evil.test"}
        )
        assert (foreign.status_code, foreign.json()["code"]) == (403, "csrf_invalid")


async def test_guessing_a_password_locks_the_account_for_a_while(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.address) as browser:
        codes = [
            (await browser.post("/api/session", json={"email": "oscar@acme.test", "password": f"guess {n}"})).json()[
                "code"
            ]
            for n in range(6)
        ]
        right = await browser.post("/api/session", json={"email": "oscar@acme.test", "password": PASSWORD})
    assert codes == ["sign_in_wrong"] * 5 + ["too_fast"]
    assert right.status_code == 429 and int(right.headers["Retry-After"]) > 0


async def test_nobody_reads_anything_without_a_session(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.address, cookies={"hos_session": "forged"}) as browser:
        for report in REPORTS:
            answer = await browser.get(f"/api/{report}", params={"from": DAY, "to": DAY})
            assert (report, answer.status_code, answer.json()["code"]) == (report, 401, "needs_sign_in")


async def test_todays_sales_come_from_the_venue_live(site: Site, tmp_path: Path) -> None:
    async with signed_in(site) as olga, a_log_venue(site.edge_settings("acme", "v1", tmp_path)) as venue:
        lines = (a_line("l1", 2, quantity=2), a_line("l2", 0))
        age = await sold_at(site, venue, olga, a_venue(), *sold("c1", *lines))
        assert (age["behind_entries"], age["trouble"], age["is_silent"]) == (0, "", False)
        report = (await olga.get("/api/today", params={"venue": "v1", "day": DAY})).json()
        assert report["total"]["sales_minor"] == 2 * 1_500_00 + 12_000_00
        assert [(hour["hour"], hour["checks"]) for hour in report["hours"]] == [(13, 1)]
        assert [item["name"] for item in report["items"]] == ["Bife de chorizo", "Agua sin gas"]
        assert [one["name"] for one in report["venues"]] == ["La Parrilla"]
        days = (await olga.get("/api/sales/daily", params={"from": DAY, "to": DAY, "venue": "v1"})).json()["days"]
        assert [(day["business_day"], day["lines"], day["quantity"], day["gross_minor"]) for day in days] == [
            (DAY, 2, 3, 15_000_00)
        ]


async def test_an_owner_reads_nothing_of_another_business(site: Site, tmp_path: Path) -> None:
    async with (
        signed_in(site) as olga,
        signed_in(site, "rita@other.test") as rita,
        a_log_venue(site.edge_settings("acme", "v2", tmp_path)) as venue,
    ):
        await sold_at(site, venue, olga, *sold("c1", a_line("l1")))
        span = {"from": DAY, "to": DAY}
        for report in ("today", "sales/daily", "sales/items", "sales/adjustments", "z-reports"):
            mine = await olga.get(f"/api/{report}", params={**span, "venue": "v2"})
            assert mine.status_code == 200
            theirs = await rita.get(f"/api/{report}", params={**span, "venue": "v2"})
            assert (theirs.status_code, theirs.json()["code"]) == (404, "venue_unknown")
        assert [age["venue_id"] for age in (await rita.get("/api/venues")).json()] == ["w1"]
        today = (await rita.get("/api/today", params={"day": DAY})).json()
        assert today["total"]["sales_minor"] == 0 and today["items"] == [] and today["attention"] != mine
        assert (await rita.get("/api/sales/daily", params=span)).json()["days"] == []
        assert (await rita.get("/api/sales/items", params=span)).json()["items"] == []


async def test_a_stream_tells_an_owner_of_their_own_venues_only(site: Site, tmp_path: Path) -> None:
    async with (
        signed_in(site) as olga,
        signed_in(site, "rita@other.test") as rita,
        a_log_venue(site.edge_settings("acme", "v3", tmp_path / "v3")) as ours,
        a_log_venue(site.edge_settings("other", "w1", tmp_path / "w1")) as theirs,
        asyncio.timeout(PATIENCE_S),
        olga.stream("GET", "/api/live") as to_olga,
        rita.stream("GET", "/api/live") as to_rita,
    ):
        heard_by_olga, heard_by_rita = venue_events(to_olga), venue_events(to_rita)
        await ours.sell(1)
        assert (await anext(heard_by_olga))["venue_id"] == "v3"
        await theirs.sell(1)
        assert (await anext(heard_by_rita))["venue_id"] == "w1"  # the first that Rita hears of


async def venue_events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The `venue` events of a stream; its first event is a beat."""
    event = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        if name == "data" and event == "venue":
            yield json.loads(value)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("sales/daily?from=2026-03-05", "malformed"),
        ("sales/daily?from=yesterday&to=2026-03-05", "malformed"),
        ("sales/daily?from=2026-03-06&to=2026-03-05", "malformed"),
        ("sales/daily?from=2020-01-01&to=2026-03-05", "malformed"),
        ("sales/items?from=0001-01-01&to=0001-01-02", "malformed"),
        ("today?day=9999-12-31", "malformed"),
        ("today?venue=%00", "venue_unknown"),
        ("today?venue='%20OR%20'a'='a", "venue_unknown"),
        ("today?venue=" + "x" * 500, "malformed"),
        ("nothing", "not_found"),
    ],
)
async def test_a_question_that_makes_no_sense_gets_a_clear_no(site: Site, path: str, code: str) -> None:
    async with signed_in(site) as olga:
        answer = await olga.get(f"/api/{path}")
        assert (answer.status_code < 500, answer.json()["code"]) == (True, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b'{"email": 1, "password": "x"}', "malformed"),
        (b'{"email": "a\\u0000@b.c", "password": "x"}', "sign_in_wrong"),
        (b'{"email": "\\ud800", "password": "x"}', "malformed"),
        (b'{"email": "%s", "password": "x"}' % (b"x" * 300), "malformed"),
        (b'{"email": "x", "password": "\\u0000"}', "sign_in_wrong"),
        (b"x" * 100_000, "too_large"),
    ],
)
async def test_a_sign_in_that_makes_no_sense_gets_a_clear_no(site: Site, body: bytes, code: str) -> None:
    async with httpx.AsyncClient(base_url=site.address, timeout=PATIENCE_S) as browser:
        answer = await browser.post("/api/session", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code < 500, answer.json()["code"]) == (True, code)


async def test_health_says_whether_nats_and_postgres_answer(site: Site) -> None:
    def health() -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{site.address}/healthz").json()
        return found

    await until(lambda: health()["nats"] == "connected")
    assert health()["database"] is True


async def test_a_backup_that_fails_is_on_the_owners_page_until_one_is_good(site: Site, tmp_path: Path) -> None:
    good = BackupMade(
        file="venue-3.db", through_seq=7, size_bytes=4096, copied="", checked="", second="", made_at_ms=NOW_MS
    )
    async with signed_in(site) as olga, a_log_venue(site.edge_settings("acme", "v4", tmp_path)) as venue:
        for made, told in ((good, []), (replace(good, second="missing"), ["second_missing"]), (good, [])):
            await sold_at(site, venue, olga, made)
            report = (await olga.get("/api/today", params={"venue": "v4", "day": DAY})).json()
            assert [one["name"] for one in report["attention"] if one["kind"] == "backup"] == told


async def test_an_operator_reads_how_the_hub_is(site: Site, tmp_path: Path) -> None:
    async with signed_in(site) as olga, a_log_venue(site.edge_settings("acme", "v4", tmp_path)) as venue:
        await sold_at(site, venue, olga, *sold("metrics", a_line("l1")))
        text = (await olga.get("/metrics")).text
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["hos_hub_entries_total",] > 0 and samples["hos_hub_projected_total",] > 0
    assert samples["hos_hub_nats", "connected"] == 1
    assert samples["hos_hub_pool_size",] > 0
    assert "Olga" not in text and "acme" not in text
