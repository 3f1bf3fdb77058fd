"""The doors' figures for Prometheus, on edge and hub alike."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric


def door_metrics(strangers: int, shut: Mapping[str, int]) -> Iterator[Metric]:
    """How many strangers are connected, and how often each limit bit."""
    yield GaugeMetricFamily("hos_doors_strangers", "Connections that showed no paired screen's key.", strangers)
    family = CounterMetricFamily("hos_doors_shut", "How often a limit of the doors bit.", labels=["limit"])
    for limit, count in sorted(shut.items()):
        family.add_metric([limit], count)
    yield family
