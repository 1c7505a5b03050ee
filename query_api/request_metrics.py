"""How many requests were answered, and how fast they and the index were, for Prometheus."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import Scope

# A series each that tells when counting began: nobody asks for them, and there are as many as there are others.
disable_created_metrics()  # type: ignore[no-untyped-call]

SHARED_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable that tells prometheus_client, before it is imported, where processes count together
(https://prometheus.github.io/client_python/multiprocess/)."""

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = {"GET", "HEAD", "POST", "DELETE"}


class RequestMetrics:
    """Counts requests by what was matched, so that no caller can make labels up. Threads may share it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "topicreel_api_requests",
            "Requests that were answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            "topicreel_api_request_duration_seconds",
            "Time from a request to the end of its answer",
            ["route"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._index_durations = Histogram(
            "topicreel_index_duration_seconds",
            "Time that the index took to answer",
            ["question"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )

    def count_index(self, question: str, seconds: float) -> None:
        """Counts one question to the index; `question` is a method of it."""
        self._index_durations.labels(question).observe(seconds)

    def count(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """Counts one request; `scope` is what the router was given."""
        route = route_of(scope)
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._durations.labels(route).observe(seconds)

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        if SHARED_DIRECTORY not in os.environ:
            return generate_latest(self._registry)
        of_all = CollectorRegistry()
        MultiProcessCollector(of_all)  # type: ignore[no-untyped-call]
        return generate_latest(of_all)


def route_of(scope: Scope) -> str:
    """The path of the route that the router found, with its placeholders; "none" where there is none."""
    path: str = getattr(scope.get("route"), "path", "none")
    return path
