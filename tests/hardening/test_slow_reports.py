"""A report that hangs delays nobody: commands are answered and tickets come while it runs, and it ends at its deadline."""

import asyncio
import sqlite3
from pathlib import Path

import httpx
import msgspec
from litestar import Litestar, get

from edge.engine.feed import Channel
from edge.engine.lookups import CONNECTIONS, Lookups
from edge.web import EXCEPTION_HANDLERS
from tests.real_venue import a_real_venue

PATIENCE_S = 120
CHECKS = 40
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000000000) SELECT COUNT(*) FROM n"


def hang(conn: sqlite3.Connection) -> None:
    """A report over more than there is."""
    conn.execute(ENDLESS).fetchall()


async def test_commands_and_tickets_go_on_while_every_report_hangs(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        lookups = Lookups(venue.edge.settings.database, deadline_s=PATIENCE_S)
        await venue.edge.feed.start()
        reports = [asyncio.create_task(lookups.report(hang)) for _ in range(2 * CONNECTIONS)]
        try:
            async with venue.edge.feed.subscribe(Channel(role="kds")) as frames, asyncio.timeout(PATIENCE_S):
                follow = aiter(frames)
                await anext(follow)  # the snapshot
                for n in range(CHECKS):
                    await venue.serve(f"c{n}")
                    while '["ticket",' not in (frame := await anext(follow)):
                        pass
                    assert msgspec.json.decode(frame)["type"] == "views"
            assert not any(report.done() for report in reports), "they hang to this moment"
        finally:
            for report in reports:
                report.cancel()
            await asyncio.gather(*reports, return_exceptions=True)
            await lookups.close()
            await venue.edge.feed.stop()


async def test_a_question_past_its_deadline_is_answered_with_words_of_its_own(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "venue.db").close()
    lookups = Lookups(tmp_path / "venue.db", deadline_s=0.1)

    @get("/hangs")
    async def hangs() -> None:
        await lookups.report(hang)

    app = Litestar([hangs], exception_handlers=EXCEPTION_HANDLERS, logging_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://edge") as http:  # type: ignore[arg-type]
        answer = await http.get("/hangs")
    await lookups.close()
    assert (answer.status_code, answer.json()) == (504, {"code": "too_slow", "facts": {"limit_s": 1}})
