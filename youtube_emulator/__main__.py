"""The program: `python -m youtube_emulator --help` says what it can do."""

import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import orjson

from youtube_emulator.app import BASE, Emulator, build_app
from youtube_emulator.collection import describe, open_library, subjects
from youtube_emulator.errors import EmulatorError
from youtube_emulator.faults import Faults
from youtube_emulator.lateness import Lateness
from youtube_emulator.options import Options, read_options
from youtube_emulator.quota import Ledger
from youtube_emulator.quota_file import read_usage, write_usage
from youtube_emulator.search import Search
from youtube_emulator.server import address_of, bind, serve
from youtube_emulator.times import Clock, moved


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; gives its exit code."""
    try:
        options = read_options(arguments)
        if options.list_subjects:
            print(*subjects(options), sep="\n")
        elif options.describe:
            print(orjson.dumps(asdict(describe(options, int(_clock(options)())))).decode())
        else:
            _serve(options)
    except EmulatorError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _serve(options: Options) -> None:
    with bind(options.host, options.port or 0) as bound:
        clock = _clock(options)
        now = int(clock())
        library = open_library(options, now)
        emulator = Emulator(
            search=Search(library, Lateness(options.late_rate, options.late_by_s, options.seed), options.result_cap),
            ledger=_ledger(options, clock),
            projects=options.projects,
            faults=Faults(options.faults, options.seed),
            clock=clock,
        )
        address = f"http://{address_of(bound)}{BASE}"
        told = f"serving {library.count(now)} simulated videos at {address}"
        serve(build_app(emulator), bound, lambda: print(told, flush=True))


def _clock(options: Options) -> Clock:
    return moved(time.time, skew_s=options.clock_skew_s, start=options.clock_from, speed=options.clock_speed)


def _ledger(options: Options, clock: Clock) -> Ledger:
    path = options.quota_file
    if path is None:
        return Ledger(options.limits, clock)
    used = read_usage(path)
    write_usage(path, used)  # tells at the start whether it can be written
    return Ledger(options.limits, clock, used, partial(write_usage, path))


if __name__ == "__main__":
    sys.exit(main())
