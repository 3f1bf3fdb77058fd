"""`hos demo replay`: a restaurant's order files through a venue of its own, and what the hub makes of them."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from installer.demo import replay, replay_report
from installer.demo.edge_client import Ask, EdgeClient, Refused, http_to
from installer.demo.fleet import Business, Venue
from installer.demo.home import DemoRuns, Home, NotOurs
from installer.demo.order_files import DayFigures, Item, Order, WrongFile, count_orders, read_items, read_orders
from installer.demo.system import System
from installer.services.program import NotReady

OK, PROBLEMS, USAGE, IN_USE, INTERRUPTED = 0, 1, 2, 3, 130
FOLDER = Path(".demo/replay")
LONGEST_SPAN_DAYS = 400  # that the hub reports at once

VENUE = Venue(
    id="replay",
    name="Replay",
    plan="",
    menu="",
    cover_charge_minor=0,
    wifi_name="",
    staff=(),
    printers=(),
    checks_a_day=0,
)
BUSINESS = Business(
    id="replay", name="Replay", venues=(VENUE,), owner_email="owner@replay.example", owner_name="Replay"
)

_terminal = Console(stderr=True)


def main(arguments: Sequence[str]) -> int:
    """Play two files. 0: equal to the cent; 1: not, or it failed; 2: a file is not of the form; 3: a replay runs already."""
    asked = command_parser().parse_args(arguments)
    try:
        items, files = _read(asked.menu, asked.orders)
    except WrongFile as error:
        return _say(USAGE, str(error))
    if not files.orders:
        replay_report.show_unusable(files.refused, _terminal)
        return _say(USAGE, "No row of the orders file can be used.")
    home = Home(asked.data_dir)
    try:
        with home.taken(fresh=True):
            outcome = asyncio.run(_play(home, items, files, asked.shift_ends_at))
    except NotOurs as error:
        return _say(USAGE, f"{error} holds other things, and a replay empties its folder: name an empty or a new one.")
    except DemoRuns:
        return _say(IN_USE, f"Another replay has {home.folder}: wait for it, or name another folder with --data-dir.")
    except (NotReady, Refused, TimeoutError, httpx.HTTPError) as error:
        return _say(PROBLEMS, f"The replay stopped: {error}")
    except OSError as error:
        return _say(PROBLEMS, f"{error.filename or home.folder}: {error.strerror or error}")
    if outcome is None:
        return _say(INTERRUPTED, "Interrupted.")
    if asked.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(replay_report.as_json(outcome))).decode() + "\n")
    else:
        replay_report.show(outcome, Console(), database=home.folder / "venues" / VENUE.id)
    return OK if outcome.is_equal else PROBLEMS


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    parser = argparse.ArgumentParser(
        prog="hos demo replay",
        description="Plays a restaurant's orders through the public commands, on a venue and a hub of their own whose clock"
        " follows the file, closes each business day or shift with its Z, and compares the hub's report with the files.",
        epilog="Exit codes: 0 equal to the cent, 1 a day differs or the replay failed, 2 a file is not of this form,"
        " 3 another replay has the folder, 130 interrupted.",
    )
    parser.add_argument("menu", type=Path, metavar="MENU.csv", help="columns menu_item_id, item_name, category, price")
    parser.add_argument(
        "orders",
        type=Path,
        metavar="ORDERS.csv",
        help="columns order_details_id, order_id, order_date, order_time, item_id",
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=FOLDER,
        metavar="FOLDER",
        help="where it plays; emptied first (default: %(default)s)",
    )
    parser.add_argument(
        "--shift-ends-at",
        type=int,
        choices=range(24),
        action="append",
        default=[],
        metavar="HOUR",
        help="the venue closes a shift of its own, with a count and a Z, at this hour of each day; may be given several"
        " times: 17 for lunch and dinner",
    )
    return parser


def _read(menu: Path, orders: Path) -> tuple[dict[str, Item], replay.Files]:
    items, refused_items = read_items(_text_of(menu))
    text = _text_of(orders)
    played, refused_orders = read_orders(text, items)
    return items, replay.Files(played, [*refused_items, *refused_orders], count_orders(text))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongFile(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongFile(f"{file} is no text in UTF-8: save it as CSV UTF-8") from None


async def _play(
    home: Home, items: dict[str, Item], files: replay.Files, shift_hours: Sequence[int]
) -> replay.Outcome | None:
    """The outcome; None when somebody pressed Ctrl-C. Every program is stopped either way."""
    this = asyncio.current_task()
    assert this is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, this.cancel)
    system = System(home, (BUSINESS,))
    _terminal.print(f"  [dim]·[/] starting a hub and a venue in {home.folder}", highlight=False)
    try:
        await system.start_postgres()
        await system.start_nats()
        await system.start_hub()
        await system.start_edge(VENUE, clock="commands")
        home.kept.is_seeded = True
        home.keep()
        edge = EdgeClient(system.edge_of(VENUE), system.console_key(VENUE))
        await _open_venue(edge, items, files.orders)
        async with _hub_of(system) as hub:
            with _bars() as progress:
                return await replay.play(edge, files, hub=hub, progress=progress, shift_hours=shift_hours)
    except asyncio.CancelledError:
        return None
    finally:
        await system.stop()


async def _open_venue(edge: EdgeClient, items: dict[str, Item], orders: list[Order]) -> None:
    """Settings, one station and the menu, an hour before the first order."""
    categories = {
        name: f"category-{place}" for place, name in enumerate(dict.fromkeys(i.category for i in items.values()))
    }
    menu = {
        "categories": [{"id": id, "name": name or "Other"} for name, id in categories.items()],
        "items": [
            {
                "id": item.key,
                "category_id": categories[item.category],
                "name": item.name,
                "price_minor": item.price_minor,
                "station_id": "kitchen",
            }
            for item in items.values()
        ],
    }
    at_ms = replay.epoch_ms(orders[0].at) - 3_600_000
    settings = {"name": VENUE.name, "cutover_min": replay.CUTOVER_HOUR * 60, "timezone": replay.TIMEZONE}
    await edge.do(
        Ask(name="configure_venue", body=settings, asked_at_ms=at_ms),
        Ask(name="configure_station", body={"station_id": "kitchen", "name": "Kitchen"}, asked_at_ms=at_ms),
        Ask(name="publish_menu", body={"menu": menu}, asked_at_ms=at_ms),
    )


class _Hub:
    """The hub as its owner reads it."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def by_day(self, first: str, last: str) -> dict[str, DayFigures]:
        """The report of sales by day, as many requests as the hub wants for it."""
        return {
            day["business_day"]: DayFigures(day["lines"], day["quantity"], day["gross_minor"])
            for report in await self._reports("/api/sales/daily", first, last)
            for day in report["days"]
        }

    async def closings(self, first: str, last: str) -> replay.Closings:
        """Its Zs. One that counts days of two requests is in both, and counts once."""
        sales = {
            z["z_number"]: int(z["totals"]["sales_minor"])
            for report in await self._reports("/api/z-reports", first, last)
            for z in report["reports"]
        }
        return replay.Closings(len(sales), sum(sales.values()))

    async def _reports(self, path: str, first: str, last: str) -> list[Any]:
        found = []
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        while start <= end:
            until = min(start + timedelta(days=LONGEST_SPAN_DAYS - 1), end)
            span = {"from": start.isoformat(), "to": until.isoformat(), "venue": VENUE.id}
            response = await self._http.get(path, params=span)
            response.raise_for_status()
            found.append(response.json())
            start = until + timedelta(days=1)
        return found


@contextlib.asynccontextmanager
async def _hub_of(system: System) -> AsyncIterator[_Hub]:
    password = system.home.kept.owner_passwords[BUSINESS.id]
    async with http_to(system.address("hub")) as http:
        signed_in = await http.post("/api/session", json={"email": BUSINESS.owner_email, "password": password})
        signed_in.raise_for_status()
        yield _Hub(http)


@contextlib.contextmanager
def _bars() -> Iterator[replay.Progress]:
    words = {"orders": "playing orders", "hub": "hub has entries"}
    columns = (TextColumn("  {task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(words[what], total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def _say(code: int, words: str) -> int:
    _terminal.print(words, style="red", markup=False, highlight=False, soft_wrap=True)
    return code
