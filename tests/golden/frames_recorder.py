"""What a real edge says over its feed in one small evening, for the tests of the screens to play.

`python -m tests.golden.frames_recorder` writes tests/golden/frames/; test_golden_frames.py fails when the edge says something else.
Times, ids and chance are fixed; `of`, which names the install, is written as `recorded`.
"""

import asyncio
import contextlib
import json
import logging
import random
import tempfile
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import structlog

from edge import app as root
from edge.app import Edge
from edge.engine import feed as feed_module
from edge.engine.clock import CommandClock
from edge.engine.feed import Channel, Subscription
from edge.settings import settings_of
from shared.commands.cash import OpenDrawer
from shared.commands.guests import CallWaiter, JoinTable, SubmitDraft
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck
from shared.commands.payments import TakePayment
from shared.commands.printing import ConfigurePrinter, ReportPrinterFault
from shared.frames import BYES, HubLink
from tests.real_venue import RealVenue, a_real_venue
from tests.service import START_MS

FOLDER = Path(__file__).parent / "frames"
MINUTE_MS = 60_000
PHONE = "guest:phone1"
#: What each app's feed carries.
APPS = {
    "waiter": Channel(role="waiter"),
    "pos": Channel(role="pos"),
    "kds": Channel(role="kds"),
    "guest": Channel(role="guest", only=(("guest", "v1"),)),
}


async def recorded() -> dict[str, dict[str, Any]]:
    """Every frame by app and name, as plain JSON."""
    found: dict[str, dict[str, Any]] = {app: {} for app in APPS}
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of({"HOS_DATA_DIR": f"{folder}/empty", "HOS_CLOCK": "commands"})
        async with root.deciding(settings) as edge:
            await _note(edge, found, "empty")
        async with a_real_venue(Path(folder), ids=count(1)) as venue:
            await _steady(venue.edge)
            await _dinner(venue)
            await _note(venue.edge, found, "service")
            answers = await _goes_on(venue)
            await _note_changes(venue.edge, found)
            for app in found:
                found[app]["answers"] = answers
            await _note_beats(venue, found)
    for app in found:
        found[app]["byes"] = {code: await _bye(APPS[app], code) for code in BYES}
    return {app: _without_install(frames) for app, frames in found.items()}


async def _steady(edge: Edge) -> None:
    """The same ids and table codes each time."""
    assert isinstance(edge.clock, CommandClock)
    edge.clock._random_bytes = random.Random(7).randbytes
    await edge.writer.job(lambda conn: conn.execute("UPDATE venue_secret SET value = zeroblob(32)"))


async def _dinner(venue: RealVenue) -> None:
    """Two tables, a drawer, a printer that jams, a phone that asks for something and calls."""
    await venue.do("console", ConfigurePrinter(printer_id="cocina", printer_name="Cocina", host="10.0.0.9"))
    await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Caja 1", float_minor=40_000_00))
    await venue.do(
        "ana",
        OpenCheck(check_id="c1", table_id="t1", covers=2),
        AddLines(check_id="c1", lines=(_line("l1", "empanada", quantity=2), _line("l2", "bife", "punto/jugoso"))),
        SendLines(check_id="c1"),
        at_ms=MINUTE_MS,
    )
    await venue.do(
        "edge", JoinTable(table_id="t2", phone_id="phone1", generation=1, visit_id="v1"), at_ms=2 * MINUTE_MS
    )
    draft = SubmitDraft(draft_id="d1", lines=(_line("g1", "agua"), _line("g2", "empanada")))
    await venue.do(PHONE, draft, CallWaiter(call_id="k1"), at_ms=3 * MINUTE_MS)
    fault = ReportPrinterFault(
        printer_id="cocina", fault="paper_out", waiting_jobs=1, since_ms=START_MS + 3 * MINUTE_MS
    )
    await venue.do("edge", fault, at_ms=4 * MINUTE_MS)


async def _goes_on(venue: RealVenue) -> dict[str, Any]:
    """A counter sale paid in cash, a flan that is added; what the door said of one that went well and one that did not."""
    await venue.serve("c2", items=("agua",), at_ms=5 * MINUTE_MS)
    paid = TakePayment(payment_id="p1", check_id="c2", tender="cash", amount_minor=1_500_00, tendered_minor=2_000_00)
    done = await venue.ask("caro", paid, at_ms=6 * MINUTE_MS, id="wish-paid")
    again = msgspec.structs.replace(paid, payment_id="p2")
    refused = await venue.ask("caro", again, at_ms=6 * MINUTE_MS, id="wish-again")
    await venue.do("ana", AddLines(check_id="c1", lines=(_line("l3", "flan"),)), at_ms=7 * MINUTE_MS)
    return {"done": msgspec.to_builtins(done), "refused": msgspec.to_builtins(refused)}


def _line(line_id: str, item_id: str, *modifier_ids: str, quantity: int = 1) -> LineAsk:
    return LineAsk(line_id=line_id, item_id=item_id, modifier_ids=modifier_ids, quantity=quantity)


async def _note(edge: Edge, found: dict[str, dict[str, Any]], name: str) -> None:
    for app, channel in APPS.items():
        async with edge.feed.subscribe(channel) as frames:
            found[app][name] = await _next(frames)


async def _note_changes(edge: Edge, found: dict[str, dict[str, Any]]) -> None:
    """What a device that comes back is told, when it says where it stood."""
    for app, channel in APPS.items():
        if app != "guest":  # a phone always gets its visit whole
            before = found[app]["service"]
            async with edge.feed.subscribe(channel, before["seq"], before["of"]) as frames:
                found[app]["changed"] = await _next(frames)


async def _note_beats(venue: RealVenue, found: dict[str, dict[str, Any]]) -> None:
    """Beats while all is well, while the hub refuses the log, and while a view cannot be read."""
    edge = venue.edge
    before, feed_module.BEAT_S = feed_module.BEAT_S, 0.01
    try:
        async with _followed(edge):
            await _note_beat(edge, found, "live")
            edge.feed._hub = lambda: HubLink(state="refused", why="fork", since_ms=START_MS, waiting=340)
            await _note_beat(edge, found, "refused")
            edge.feed._hub = lambda: HubLink(state="off")
            await edge.writer.job(lambda conn: conn.execute("ALTER TABLE printer_state RENAME TO lost"))
            await _note_beat(edge, found, "stuck")
            await edge.writer.job(lambda conn: conn.execute("ALTER TABLE lost RENAME TO printer_state"))
    finally:
        feed_module.BEAT_S = before


@contextlib.asynccontextmanager
async def _followed(edge: Edge) -> AsyncIterator[None]:
    await edge.feed.start()
    try:
        yield
    finally:
        await edge.feed.stop()


async def _note_beat(edge: Edge, found: dict[str, dict[str, Any]], name: str) -> None:
    for app, channel in APPS.items():
        async with edge.feed.subscribe(channel) as frames:
            wanted: dict[str, Any] = {}
            # A beat that was on its way while the first frame was read does not know yet what could not be.
            while wanted.get("type") != "beat" or (name == "stuck") != bool(wanted["stuck_since_ms"]):
                wanted = await _next(frames)
            found[app].setdefault("beats", {})[name] = wanted


async def _bye(channel: Channel, code: str) -> Any:
    subscription = Subscription(channel, "d")
    subscription.end(code)
    return await _next(subscription)


async def _next(frames: Subscription) -> Any:
    async with asyncio.timeout(30):
        return json.loads(await anext(aiter(frames)))


def _without_install(frames: Any) -> Any:
    """The same with every `of` that says something as `recorded`."""
    match frames:
        case dict():
            return {
                name: "recorded" if name == "of" and isinstance(value, str) and value else _without_install(value)
                for name, value in frames.items()
            }
        case list():
            return [_without_install(value) for value in frames]
    return frames


def text_of(frames: dict[str, Any]) -> str:
    """A file's text: a frame a line, so that a difference is read at a glance."""
    lines = [f"{json.dumps(name)}: {json.dumps(frame, ensure_ascii=False)}" for name, frame in frames.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write every file. What the edge logs on the way, of a table that is taken from it, concerns nobody."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    FOLDER.mkdir(exist_ok=True)
    for app, frames in asyncio.run(recorded()).items():
        (FOLDER / f"{app}.json").write_text(text_of(frames), encoding="utf-8")


if __name__ == "__main__":
    main()
