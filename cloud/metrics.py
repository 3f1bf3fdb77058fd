"""GET /metrics: how a hub is, in the text form that Prometheus reads. Sums over all tenants; it names no tenant."""

from collections.abc import Callable, Iterable, Mapping

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from doors.metrics import door_metrics


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What one look finds. Counts are since the start of the process."""

    entries: int
    refused: Mapping[str, int]  # batches, by why
    nats: str  # off, waiting, connected or deaf
    heard_ago_s: float  # since a stream last answered; -1 without a link
    stored_ago_s: float  # since entries were last stored; -1 for never
    store_trouble: str  # full, read_only or away; "" while all is well
    given_up: int  # batches that came as often as they may and were dropped
    waiting_venues: int  # whose entries are stored and not all projected
    projected: int  # entries
    followers: int  # owners' pages that are told of news
    pool_size: int  # connections to Postgres
    pool_waiting: int  # requests that wait for one
    strangers: int  # connections
    shut: Mapping[str, int]  # how often a limit of the doors bit, by its name in `doors/limits.py`


Measure = Callable[[], Measures]


def route(measure: Measure) -> ControllerRouterHandler:
    """The handler of GET /metrics."""

    @get("/metrics", include_in_schema=False, sync_to_thread=False)
    def metrics() -> Response[bytes]:
        """Figures for Prometheus."""
        registry = CollectorRegistry()
        registry.register(_Look(measure()))
        return Response(generate_latest(REGISTRY) + generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return metrics


class _Look(Collector):
    def __init__(self, found: Measures) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        found = self._found
        yield CounterMetricFamily("hos_hub_entries", "Entries stored.", found.entries)
        yield CounterMetricFamily("hos_hub_projected", "Entries that figures were made from.", found.projected)
        refused = CounterMetricFamily("hos_hub_refused", "Batches refused.", labels=["reason"])
        for reason, count in sorted(found.refused.items()):
            refused.add_metric([reason], count)
        yield refused
        nats = GaugeMetricFamily("hos_hub_nats", "1 for the state that the link to NATS is in.", labels=["state"])
        nats.add_metric([found.nats], 1)
        yield nats
        yield GaugeMetricFamily(
            "hos_hub_heard_ago_seconds", "Since a stream last answered; -1: no link.", found.heard_ago_s
        )
        yield GaugeMetricFamily(
            "hos_hub_stored_ago_seconds", "Since entries were last stored; -1: never.", found.stored_ago_s
        )
        trouble = GaugeMetricFamily("hos_hub_store_trouble", "1 for why nothing can be stored now.", labels=["why"])
        for why in ("full", "read_only", "away"):
            trouble.add_metric([why], float(found.store_trouble == why))
        yield trouble
        yield CounterMetricFamily(
            "hos_hub_given_up", "Batches delivered as often as they may, and dropped.", found.given_up
        )
        yield GaugeMetricFamily(
            "hos_hub_waiting_venues", "Venues whose entries are not all in the figures.", found.waiting_venues
        )
        yield GaugeMetricFamily("hos_hub_followers", "Owners' pages that are told of news.", found.followers)
        yield GaugeMetricFamily("hos_hub_pool_size", "Connections to Postgres.", found.pool_size)
        yield GaugeMetricFamily("hos_hub_pool_waiting", "Requests that wait for a connection.", found.pool_waiting)
        yield from door_metrics(found.strangers, found.shut)
