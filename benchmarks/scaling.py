"""What more workers and more replicas of the API give, and what a record costs in processor time, part by part.

On one machine all parts share the processors, so throughput ends where those do: what is left of it is the processor
time of each part, which says how many processors a rate needs on machines of their own, and whether a second worker
makes a record dearer. Bytes on disk come from the same records and documents.
"""

import os

from benchmarks.scaling_replicas import Asked, measure_replicas
from benchmarks.scaling_workers import Processed, measure_workers
from benchmarks.tables import milliseconds, print_table

_PROCESSORS = len(os.sched_getaffinity(0))


def measure(records: int, documents: int) -> None:
    """Prints the tables."""
    processed, stored = measure_workers(records)
    _print_workers(processed, records)
    sizes = [
        ("a record of youtube.search.raw", f"{stored.raw:,.0f}"),
        ("a document without details in youtube.videos", f"{stored.videos:,.0f}"),
    ]
    print_table("Bytes on disk, one replica", ("", "bytes"), sizes)
    asked, bytes_per_document = measure_replicas(documents)
    _print_replicas(asked, documents)
    size = ("a document with details in the index, merged", f"{bytes_per_document:,.0f}")
    print_table("Bytes on disk, one copy", ("", "bytes"), [size])


def _print_workers(rounds: list[Processed], records: int) -> None:
    rows = []
    for each in rounds:
        parts = [cpu * 100_000 / records for cpu in each.used[:3]]
        rows.append(
            (
                f"{each.workers} worker{'s'[: each.workers - 1]}",
                f"{each.records_per_s:,.0f}",
                f"{each.records_per_s / rounds[0].records_per_s:.2f}",
                *(f"{cpu:.1f} s" for cpu in (sum(parts), *parts)),
                _share(sum(each.used), each.passed_s),
                _share(each.busy_s, each.passed_s),
            )
        )
    print_table(
        f"Faust workers, {records:,} new records each time; processor time per 100,000 records",
        ("", "records/s", "ratio", "all", "workers", "Kafka", "Elasticsearch", "processors", "machine"),
        rows,
    )
    _say_bound(sum(rounds[-1].used), rounds[-1].busy_s, rounds[-1].passed_s)


def _print_replicas(asked: list[Asked], documents: int) -> None:
    rows = [
        (
            f"{each.replicas} replica{'s'[: each.replicas - 1]}",
            f"{each.per_s:,.0f}",
            f"{each.per_s / asked[0].per_s:.2f}",
            milliseconds(each.p50_s),
            milliseconds(each.p99_s),
            *(f"{cpu * 1000 / each.requests:.2f} s" for cpu in (each.api_s, each.elasticsearch_s, each.clients_s)),
            _share(each.used_s, each.passed_s),
            _share(each.busy_s, each.passed_s),
        )
        for each in asked
    ]
    print_table(
        f"Query API, {documents:,} documents; processor time per 1,000 searches",
        ("", "searches/s", "ratio", "p50", "p99", "API", "Elasticsearch", "clients", "processors", "machine"),
        rows,
    )
    _say_bound(asked[-1].used_s, asked[-1].busy_s, asked[-1].passed_s)


def _share(cpu_s: float, passed_s: float) -> str:
    return f"{cpu_s / passed_s / _PROCESSORS:.0%}"


def _say_bound(used_s: float, busy_s: float, passed_s: float) -> None:
    mine, all_of_it = used_s / passed_s / _PROCESSORS, busy_s / passed_s / _PROCESSORS
    if all_of_it < 0.9:
        bound = "waiting, not the processors: for the log, the index or the clients"
    elif mine < 0.8 * all_of_it:
        bound = "the processors, which others used too: the rates say little, processor time still holds"
    else:
        bound = f"the {_PROCESSORS} processors, which all of its parts share"
    print(f"  bounded by {bound} (its parts used {mine:.0%} of them, the machine {all_of_it:.0%})")
