"""What the command line says."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from youtube_emulator.command_line import build_parser
from youtube_emulator.errors import OptionsError
from youtube_emulator.faults import FaultRates
from youtube_emulator.keys import Projects
from youtube_emulator.quota import Limits


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says. Times are in seconds since 1970, `shift_s` and the like in seconds."""

    host: str
    port: int | None
    catalogue: Path | None
    skip_bad_lines: bool
    seed: int
    made_up_every_s: float
    shift_s: int
    newest_at: int | None
    arriving: int | None
    arriving_every_s: float
    arriving_from: int | None
    late_rate: float
    late_by_s: float
    gone_rate: float
    gone_after_s: float
    clock_skew_s: float
    clock_from: int | None
    clock_speed: float
    result_cap: int
    limits: Limits
    quota_file: Path | None
    projects: Projects
    faults: FaultRates
    list_subjects: bool
    describe: bool


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """The options. Exits with code 2 for what argparse refuses; raises OptionsError for what does not go together."""
    given = build_parser().parse_args(arguments)
    options = Options(
        host=given.host,
        port=given.port,
        catalogue=given.catalogue,
        skip_bad_lines=given.skip_bad_lines,
        seed=given.seed,
        made_up_every_s=given.made_up_every or 20.0,
        shift_s=given.shift or 0,
        newest_at=given.newest_at,
        arriving=given.arriving,
        arriving_every_s=given.arriving_every or 10.0,
        arriving_from=given.arriving_from,
        late_rate=given.late_rate,
        late_by_s=given.late_by,
        gone_rate=given.gone_rate,
        gone_after_s=given.gone_after,
        clock_skew_s=given.clock_skew,
        clock_from=given.clock_from,
        clock_speed=given.clock_speed,
        result_cap=given.result_cap,
        limits=Limits(given.searches_per_day, given.units_per_day, given.searches_per_minute),
        quota_file=given.quota_file,
        projects=Projects({key: name for name, keys in given.project for key in keys}),
        faults=FaultRates(
            given.error_rate, given.slow_rate, given.slow_by, given.wrong_page_rate, given.token_loss_rate
        ),
        list_subjects=given.list_subjects,
        describe=given.describe,
    )
    _check(given, options)
    return options


def _check(given: argparse.Namespace, options: Options) -> None:
    if options.port is None and not (options.list_subjects or options.describe):
        raise OptionsError("--port is needed: a number from 0 to 65535, 0 for any free port")
    if given.catalogue is None:
        for name in ("shift", "newest_at", "arriving", "skip_bad_lines"):
            if getattr(given, name):
                raise OptionsError(f"--{name.replace('_', '-')} needs --catalogue: made-up videos have times already")
    elif given.made_up_every is not None:
        raise OptionsError("--made-up-every does not go with --catalogue, of which the videos are not made up")
    if given.arriving is None and (given.arriving_every is not None or given.arriving_from is not None):
        raise OptionsError("--arriving-every and --arriving-from need --arriving, the number of videos")
