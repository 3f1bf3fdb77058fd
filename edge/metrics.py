"""GET /metrics: how the edge is, in the text form that Prometheus reads.

The process's own figures (memory, open files, garbage) come from prometheus-client; these are the restaurant's.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from doors.gate import Gate
from doors.metrics import door_metrics
from edge.engine import log
from edge.engine.database import ReadPool
from edge.engine.feed import Feed
from edge.engine.writer import Writer
from edge.upkeep.load import backup
from edge.uplink import Uplink


class Printer(msgspec.Struct, frozen=True):
    """A printer by name: what is wrong ("" for nothing) and how many papers wait."""

    name: str
    fault: str
    waiting: int


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What one look finds. Counts are since the start of the process."""

    commands: int
    commits: int
    refusals: Mapping[str, int]  # by rejection code
    queued: int  # commands that wait for the writer
    writes: bool
    followers: int  # devices and phones on the feed
    last_seq: int
    unsent: int  # entries that the hub has not acknowledged; 0 without a hub
    hub: str
    printers: tuple[Printer, ...]
    good_backup_at_ms: int  # 0 when there is none
    database_bytes: int
    strangers: int  # connections that showed no paired screen's key
    shut: Mapping[str, int]  # how often a limit of the doors bit, by its name in `doors/limits.py`


Measure = Callable[[], Awaitable[Measures]]


def route(measure: Measure) -> ControllerRouterHandler:
    """The handler of GET /metrics."""

    @get("/metrics", include_in_schema=False)
    async def metrics() -> Response[bytes]:
        """Figures for Prometheus; no secrets, and no names of people or tables."""
        registry = CollectorRegistry()
        registry.register(_Look(await measure()))
        return Response(generate_latest(REGISTRY) + generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return metrics


def measure_of(database: Path, *, reads: ReadPool, writer: Writer, feed: Feed, uplink: Uplink, gate: Gate) -> Measure:
    """A look at the parts that know."""

    async def measure() -> Measures:
        last_seq, acked, found, good = await reads.run(_kept)
        return Measures(
            commands=writer.commands,
            commits=writer.commits,
            refusals=dict(writer.refusals),
            queued=writer.queued,
            writes=not writer.has_failed,
            followers=feed.subscribers,
            last_seq=last_seq,
            unsent=0 if uplink.state == "off" else max(last_seq - acked, 0),
            hub=uplink.state,
            printers=found,
            good_backup_at_ms=good,
            database_bytes=database.stat().st_size,
            strangers=gate.strangers,
            shut=dict(gate.shut),
        )

    return measure


def _kept(conn: sqlite3.Connection) -> tuple[int, int, tuple[Printer, ...], int]:
    (acked,) = conn.execute("SELECT acked FROM log_identity").fetchone()
    good = backup(conn, "good")
    return log.head_seq(conn), acked, printers(conn), good.made_at_ms if good else 0


def printers(conn: sqlite3.Connection) -> tuple[Printer, ...]:
    """Every printer that is set up, and how it is."""
    rows = conn.execute(
        "SELECT p.name, COALESCE(s.fault, ''), COALESCE(s.waiting_jobs, 0)"
        " FROM printer p LEFT JOIN printer_state s USING (printer_id) ORDER BY p.name, p.printer_id"
    )
    return tuple(Printer(*row) for row in rows)


class _Look(Collector):
    def __init__(self, found: Measures) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        found = self._found
        yield CounterMetricFamily("hos_commands", "Commands decided, whatever their answer.", value=found.commands)
        yield CounterMetricFamily("hos_commits", "Commits; commands by commits is how many share one.", found.commits)
        yield _refusals(found.refusals)
        yield GaugeMetricFamily("hos_queue", "Commands that wait for the writer.", found.queued)
        yield GaugeMetricFamily("hos_writes", "1 while the disk takes what is written.", int(found.writes))
        yield GaugeMetricFamily("hos_feed_followers", "Devices and phones that follow the feed.", found.followers)
        yield GaugeMetricFamily("hos_log_entries", "Entries in the log.", found.last_seq)
        yield GaugeMetricFamily("hos_uplink_unsent", "Entries that the hub has not acknowledged.", found.unsent)
        yield _state("hos_uplink", "1 for the state that the link to the hub is in.", found.hub)
        yield from _printers(found.printers)
        yield GaugeMetricFamily(
            "hos_backup_good_seconds", "When the last good backup was made, since 1970.", found.good_backup_at_ms / 1000
        )
        yield GaugeMetricFamily("hos_database_bytes", "The size of the venue's database.", found.database_bytes)
        yield from door_metrics(found.strangers, found.shut)


def _refusals(by_code: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily("hos_refusals", "Commands refused.", labels=["code"])
    for code, count in sorted(by_code.items()):
        family.add_metric([code], count)
    return family


def _state(name: str, about: str, state: str) -> Metric:
    family = GaugeMetricFamily(name, about, labels=["state"])
    family.add_metric([state], 1)
    return family


def _printers(found: Iterable[Printer]) -> Iterator[Metric]:
    fault = GaugeMetricFamily("hos_printer_fault", "1 while a printer does not print.", labels=["printer", "fault"])
    waiting = GaugeMetricFamily("hos_printer_waiting", "Papers that wait for a printer.", labels=["printer"])
    for printer in found:
        fault.add_metric([printer.name, printer.fault], int(bool(printer.fault)))
        waiting.add_metric([printer.name], printer.waiting)
    yield fault
    yield waiting
