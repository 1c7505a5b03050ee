"""The search with a million documents, on both indexes, beside the engine itself in the same run.

Latency by one client, searches a second by 32 with one process and with two, deep pages by cursor, and an export of
everything with the memory it takes. The clients share the processors with what they measure.
"""

import os
import time
from collections.abc import Callable, Sequence
from functools import partial

import orjson

from benchmarks.client import Client, latency, timed
from benchmarks.deep import deep_pages
from benchmarks.load import load
from benchmarks.questions import paths, questions, requests
from benchmarks.services import Service, elasticsearch_service, embedded_service
from benchmarks.tables import milliseconds, percentile, print_table
from schemas.index import ALIAS
from video_index.elasticsearch_query import search_body
from video_index.plan import plan

_SEARCHES = 2_000
_WARM_UP = 500
_CLIENTS = 32
_LOAD_S = 15.0
_WORKERS = (1, 2)


def measure(documents: int) -> None:
    """Prints the tables."""
    with embedded_service(documents) as service:
        direct = [partial(service.index.search, request) for request in requests(questions(_SEARCHES))]
        _print_latency(f"Embedded, {documents:,} documents", service, direct, "p50 10 ms, p99 40 ms")
        _print_pages(f"Embedded, {documents:,} documents", service, documents)
        _print_export(f"Embedded, {documents:,} documents", service)
    _print_load(documents)
    with elasticsearch_service(documents) as (service, node):
        _print_latency(
            f"Elasticsearch, {documents:,} documents", service, _bodies(Client(node)), "adds at most 1.3 times"
        )
        _print_pages(f"Elasticsearch, {documents:,} documents", service, documents)
        _print_export(f"Elasticsearch, {documents:,} documents", service)


def _bodies(node: Client) -> list[partial[bytes]]:
    """The searches as the service sends them, without anything around them."""
    bodies = [
        orjson.dumps({**search_body(plan(each)), "size": 11, "from": 0, "track_total_hits": True})
        for each in requests(questions(_SEARCHES))
    ]
    return [partial(node.post, f"/{ALIAS}/_search", body) for body in bodies]


def _print_latency(title: str, service: Service, direct: Sequence[Callable[[], object]], wanted: str) -> None:
    client = Client(service.url)
    asked = [partial(client.get, path) for path in paths(questions(_SEARCHES))]
    before = service.cpu_s()
    ours, theirs = _by_turns(asked, direct)
    spent = (service.cpu_s() - before) / len(asked)
    times = [percentile(ours, share) / percentile(theirs, share) for share in (0.5, 0.99)]
    print_table(
        f"{title}, one client, {len(ours):,} searches of 1 to 3 words; wanted: {wanted}; load {_machine()}",
        ("", "p50", "p99", "processor time of the service, a search"),
        [
            ("GET /search", *latency(ours), milliseconds(spent)),
            ("the engine asked directly", *latency(theirs), ""),
            ("added, times the engine's own", *(f"{each - 1:.2f}" for each in times), ""),
            ("in all, times the engine's own", *(f"{each:.2f}" for each in times), ""),
        ],
    )


def _by_turns(
    ours: Sequence[Callable[[], object]], theirs: Sequence[Callable[[], object]]
) -> tuple[list[float], list[float]]:
    """Seconds of each call but the first ones. Side by side they have the same neighbours, and either is first."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number, pair in enumerate(zip(ours, theirs, strict=True)):
        for which in (0, 1) if number % 2 else (1, 0):
            seconds[which].append(timed(pair[which]))
    return seconds[0][_WARM_UP:], seconds[1][_WARM_UP:]


def _print_load(documents: int) -> None:
    rows = [_load(documents, workers) for workers in _WORKERS]
    header = ("searches/s", "p50", "p99", "processor time a search", "of the index alone", "of the clients", "memory")
    print_table(
        f"Embedded, {documents:,} documents, {_CLIENTS} clients for {_LOAD_S:.0f} s; wanted: 800 searches/s on 2 "
        f"processors; load {_machine()}",
        ("", *header),
        rows,
    )


def _load(documents: int, workers: int) -> tuple[str, ...]:
    asked = paths(questions(_SEARCHES))
    with embedded_service(documents, workers) as service:
        load(service.url, asked, clients=_CLIENTS, seconds=3)
        before = service.cpu_s()
        found = load(service.url, asked, clients=_CLIENTS, seconds=_LOAD_S)
        spent = (service.cpu_s() - before) / (found.per_s * _LOAD_S)
        return (
            f"API_WORKERS={workers}",
            f"{found.per_s:.0f}",
            milliseconds(found.p50_s),
            milliseconds(found.p99_s),
            milliseconds(spent),
            milliseconds(_cpu_of_index(service)),
            milliseconds(found.own_cpu_s),
            f"{service.resident_mb():.0f} MB",
        )


def _cpu_of_index(service: Service) -> float:
    """Processor time of a search of the index itself, asked from here by one thread."""
    asked = requests(questions(_SEARCHES))
    before = time.process_time()
    for request in asked:
        service.index.search(request)
    return (time.process_time() - before) / len(asked)


def _print_pages(title: str, service: Service, documents: int) -> None:
    depth = min(100_000, documents // 10)
    print_table(
        f"{title}: pages of 10 by cursor, from the first and from the {depth // 10:,}th on; load {_machine()}",
        ("", "p50", "p50 deep", "ratio"),
        [(name, *figures) for name, figures in deep_pages(service.url, service.index, depth)],
    )


def _print_export(title: str, service: Service) -> None:
    count, resident = 0, [service.resident_mb()]

    def take() -> None:
        nonlocal count
        for piece in Client(service.url).pieces("/export?format=ndjson"):
            count += piece.count(b"\n")
            resident.append(service.resident_mb())

    seconds = timed(take)
    print_table(
        f"{title}: GET /export?format=ndjson; load {_machine()}",
        ("", "seconds", "videos/s", "memory before", "halfway", "at most"),
        [
            (
                f"{count:,} videos",
                f"{seconds:.0f}",
                f"{count / seconds:,.0f}",
                *(f"{each:.0f} MB" for each in (resident[0], resident[len(resident) // 2], max(resident))),
            )
        ],
    )


def _machine() -> str:
    return f"{os.getloadavg()[0]:.1f}"
