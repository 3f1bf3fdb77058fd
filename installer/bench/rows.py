"""The rows of the table of goals (docs/explanation/speed.md): each a figure, its floor, and whether the goal is met."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import uvloop

from installer.bench import in_process, latency, load, same_rows
from installer.bench.server import NOTHING
from installer.bench.venue import DEVICES, Bodies, Venue, venue
from installer.demo.edge_client import EdgeClient

SLOW_DISK_MS = 10.0
MANY_DEVICES = 100

T = TypeVar("T")
Progress = Callable[[str], None]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table."""

    name: str
    figure: str
    floor: str
    ratio: float  # figure by floor, or how much of the limit was used
    goal: str
    is_met: bool
    details: dict[str, float]


def measure(*, seconds: float, drafts: int, progress: Progress) -> list[Row]:
    """Every row, one after the other, each on a fresh venue in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="hos-bench-") as name:
        folder = Path(name)
        over_http, at_once = _run(_over_http(folder / "a", seconds, progress))
        return [
            *over_http,
            _in_process(folder / "a", at_once, seconds, progress),
            _same_rows(folder / "a", at_once, seconds, progress),
            *_run(_on_a_slow_disk(folder / "b", seconds, progress)),
            *_run(_latencies(folder / "c", drafts, DEVICES, progress)),
            *_run(_latencies(folder / "d", drafts, MANY_DEVICES, progress)),
        ]


def _run(job: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(job)


async def _over_http(folder: Path, seconds: float, progress: Progress) -> tuple[list[Row], int]:
    """The rows, and how many commands shared a commit."""
    async with venue(folder) as place:
        progress("one command over HTTP, 30 devices")
        floor = await _load(place, NOTHING, "one_command", seconds)
        before = await _health(place)
        one = await _load(place, "/commands", "one_command", seconds)
        after = await _health(place)
        progress("an order of three lines, 30 devices")
        order = await _load(place, "/commands", "three_lines", seconds)
    share = one.per_s / floor.per_s
    at_once = round((after["commands"] - before["commands"]) / (after["commits"] - before["commits"]))
    rows = [
        Row(
            name="one durable command over HTTP, 30 devices",
            figure=f"{one.per_s:,.0f}/s, p99 {one.p99_ms} ms",
            floor=f"{floor.per_s:,.0f}/s doing nothing",
            ratio=round(share, 3),
            goal="≥ 30 % of the floor",
            is_met=share >= 0.30,
            details=_details(one, floor) | {"commands_a_commit": at_once},
        ),
        Row(
            name="an order of three lines in one request, 30 devices",
            figure=f"{order.per_s:,.0f}/s, p99 {order.p99_ms} ms",
            floor=f"{floor.per_s:,.0f}/s doing nothing",
            ratio=round(order.per_s / floor.per_s, 3),
            goal="≥ 20 % of the floor, p99 ≤ 25 ms",
            is_met=order.per_s / floor.per_s >= 0.20 and order.p99_ms <= 25,
            details=_details(order, floor),
        ),
    ]
    return rows, max(at_once, 1)


def _in_process(folder: Path, at_once: int, seconds: float, progress: Progress) -> Row:
    """At the commit size that thirty devices made by themselves."""
    progress("commands in process, against bare inserts")
    both = in_process.measure(folder, at_once=at_once, seconds=seconds)
    share = both.commands_per_s / both.inserts_per_s
    return Row(
        name=f"in-process commands, {at_once} in each commit as with 30 devices",
        figure=f"{both.commands_per_s:,.0f}/s",
        floor=f"{both.inserts_per_s:,.0f} bare inserts/s",
        ratio=round(share, 3),
        goal="≥ 25 % of the floor",
        is_met=share >= 0.25,
        details={"per_s": round(both.commands_per_s, 1), "floor_per_s": round(both.inserts_per_s, 1)},
    )


def _same_rows(folder: Path, at_once: int, seconds: float, progress: Progress) -> Row:
    """A third as many orders share a commit as commands do."""
    progress("orders in process, against bare SQL that writes the same rows")
    orders = max(round(at_once / same_rows.COMMANDS), 1)
    both = same_rows.measure(folder, at_once=orders, seconds=seconds)
    share = both.orders_per_s / both.floor_per_s
    return Row(
        name=f"in-process orders of three lines, {orders} in each commit",
        figure=f"{both.orders_per_s:,.0f}/s",
        floor=f"{both.floor_per_s:,.0f}/s by bare SQL that writes the same rows",
        ratio=round(share, 3),
        goal="≥ 50 % of the floor",
        is_met=share >= 0.5,
        details={
            "per_s": round(both.orders_per_s, 1),
            "floor_per_s": round(both.floor_per_s, 1),
            "statements": round(both.statements, 1),
        },
    )


async def _on_a_slow_disk(folder: Path, seconds: float, progress: Progress) -> list[Row]:
    async with venue(folder, disk_delay_ms=SLOW_DISK_MS) as place:
        progress("a disk that takes 10 ms longer, 30 devices")
        slow = await _load(place, "/commands", "one_command", seconds)
    return [
        Row(
            name="one command with 10 ms of disk latency added, 30 devices",
            figure=f"p95 {slow.p95_ms} ms",
            floor=f"{SLOW_DISK_MS:.0f} ms added to each commit",
            ratio=round(slow.p95_ms / SLOW_DISK_MS, 2),
            goal="p95 ≤ 3 × that latency",
            is_met=slow.p95_ms <= 3 * SLOW_DISK_MS,
            details={"per_s": slow.per_s, "p50_ms": slow.p50_ms, "p95_ms": slow.p95_ms, "p99_ms": slow.p99_ms},
        )
    ]


async def _latencies(folder: Path, drafts: int, devices: int, progress: Progress) -> list[Row]:
    progress(f"from guest to waiter, from waiter to kitchen, {devices} devices")
    async with venue(folder, devices=devices) as place:
        found = await latency.measure(place, drafts=drafts)
    shown = partial(_latency_row, nothing=found.nothing)
    return [
        shown(f"guest submits → shown to the waiter, {devices} devices", found.draft_to_waiter),
        shown(f"waiter confirms → shown in the kitchen, {devices} devices", found.confirm_to_kitchen),
    ]


def _latency_row(name: str, figure: load.Figures, *, nothing: load.Figures) -> Row:
    return Row(
        name=name,
        figure=f"p50 {figure.p50_ms} ms, p99 {figure.p99_ms} ms",
        floor=f"p99 {nothing.p99_ms} ms for a request that does nothing",
        ratio=round(figure.p99_ms / nothing.p99_ms, 2) if nothing.p99_ms else 0.0,
        goal="p99 ≤ 50 ms",
        is_met=figure.p99_ms <= 50,
        details={"p50_ms": figure.p50_ms, "p95_ms": figure.p95_ms, "p99_ms": figure.p99_ms, "of": figure.requests},
    )


async def _health(place: Venue) -> dict[str, Any]:
    client = EdgeClient(place.address)
    try:
        return await client.call("/health")
    finally:
        await client.close()


async def _load(place: Venue, path: str, what: str, seconds: float) -> load.Figures:
    bodies = [getattr(Bodies(device), what) for device in place.devices]
    keys = [device.key for device in place.devices]
    return await load.run(place.address, path, bodies, keys=keys, seconds=seconds)


def _details(figure: load.Figures, floor: load.Figures) -> dict[str, float]:
    return {
        "per_s": figure.per_s,
        "p50_ms": figure.p50_ms,
        "p95_ms": figure.p95_ms,
        "p99_ms": figure.p99_ms,
        "floor_per_s": floor.per_s,
        "floor_p99_ms": floor.p99_ms,
    }
