"""`python -m benchmarks [NAME ...]`: what is named, or all of it; `--help` lists the names."""

import argparse
import logging
import sys

from benchmarks import freshness, operations, processor, scale, scaling, scheduling, search
from observability import configure_logging

_ALL = ("search", "scale", "freshness", "processor", "operations", "scheduling", "scaling")


def main() -> int:
    """Measures what was asked for, and prints a table after each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_ALL)}; default: all")
    parser.add_argument("--documents", type=int, default=100_000, help="in the searched index (100,000)")
    parser.add_argument("--many", type=int, default=1_000_000, help="documents for `scale` (1,000,000)")
    parser.add_argument("--videos", type=int, default=30, help="whose delay is measured on each stack (30)")
    parser.add_argument("--records", type=int, default=150_000, help="for the processor, each time (150,000)")
    parser.add_argument("--days", type=int, default=30, help="to simulate for the scheduling (30)")
    options = parser.parse_args()
    if unknown := set(options.names) - set(_ALL):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    configure_logging("benchmarks", logging.ERROR)
    names = options.names or _ALL
    if "search" in names:
        search.measure(options.documents)
    if "scale" in names:
        scale.measure(options.many)
    if "freshness" in names:
        freshness.print_rows([freshness.measure(stack, options.videos) for stack in ("embedded", "native")])
    if "processor" in names:
        processor.measure(options.records)
    if "operations" in names:
        operations.measure(options.documents)
    if "scheduling" in names:
        scheduling.measure(options.days)
    if "scaling" in names:
        scaling.measure(options.records, options.documents)
    return 0


if __name__ == "__main__":
    sys.exit(main())
