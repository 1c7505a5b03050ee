"""How many requests were answered, and how fast, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from starlette.types import Scope

# A series each that tells when counting began: nobody asks for them, and there are as many as there are others.
disable_created_metrics()  # type: ignore[no-untyped-call]

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
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self._registry,
        )

    def count(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """Counts one request; `scope` is what the router was given."""
        route = getattr(scope.get("route"), "path", "none")
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._durations.labels(route).observe(seconds)

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self._registry)
