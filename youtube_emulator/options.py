"""The command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from youtube_emulator.errors import OptionsError
from youtube_emulator.faults import FaultRates
from youtube_emulator.keys import Projects
from youtube_emulator.quota import Limits
from youtube_emulator.times import parse_time

_KEYS = """keys:
  Any key is accepted, in the parameter `key` or the header X-Goog-Api-Key, but for those that begin
    invalid...    400 API_KEY_INVALID: no valid key
    disabled...   403 SERVICE_DISABLED: its project has not enabled the API
    blocked...    403 API_KEY_SERVICE_BLOCKED: restricted to other APIs
  Each key is a project with a quota of its own, unless --project says otherwise. What is used up is forgotten
  when the program ends; it is full again at midnight Pacific time.

exit code: 0 after SIGTERM or SIGINT, 1 when the port is in use, 2 when an option or the catalogue cannot be used.
"""


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
    result_cap: int
    limits: Limits
    projects: Projects
    faults: FaultRates
    list_subjects: bool
    describe: bool


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """The options. Exits with code 2 for what argparse refuses; raises OptionsError for what does not go together."""
    given = _parser().parse_args(arguments)
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
        result_cap=given.result_cap,
        limits=Limits(given.searches_per_day, given.units_per_day, given.searches_per_minute),
        projects=Projects({key: name for name, keys in given.project for key in keys}),
        faults=FaultRates(given.error_rate, given.slow_rate, given.slow_by, given.wrong_page_rate),
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m youtube_emulator",
        description="A local stand-in for the YouTube Data API v3: search, videos, playlistItems and channels "
        "under /youtube/v3.",
        epilog=_KEYS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, help="port to listen on; 0 for any free one")
    parser.add_argument("--seed", type=int, default=1, help="what made-up videos and faults depend on (1)")
    parser.add_argument(
        "--result-cap", type=_positive, default=500, metavar="N", help="results after which paging ends (500)"
    )
    parser.add_argument("--list-subjects", action="store_true", help="print queries that find many videos, and exit")
    parser.add_argument("--describe", action="store_true", help="print as JSON what videos there are, and exit")
    _add_videos(parser)
    _add_quota(parser)
    _add_oddities(parser)
    return parser


def _add_videos(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("videos")
    group.add_argument("--catalogue", type=Path, metavar="FILE", help="JSON lines of videos, plain or gzipped")
    group.add_argument("--skip-bad-lines", action="store_true", help="report lines that are no video, and go on")
    group.add_argument(
        "--made-up-every", type=_seconds, metavar="SECONDS", help="without a catalogue: time between videos (20)"
    )
    times = group.add_mutually_exclusive_group()
    times.add_argument("--shift", type=int, metavar="SECONDS", help="add this to all publication times")
    times.add_argument("--newest-at", type=_time, metavar="TIME", help="shift all so that the newest is from then")
    group.add_argument("--arriving", type=_positive, metavar="N", help="the newest N appear one by one")
    group.add_argument("--arriving-every", type=_seconds, metavar="SECONDS", help="time between them (10)")
    group.add_argument("--arriving-from", type=_time, metavar="TIME", help="when the first appears (now)")


def _add_quota(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("quota")
    group.add_argument("--searches-per-day", type=_count, default=100, metavar="N", help="of each project (100)")
    group.add_argument("--units-per-day", type=_count, default=10_000, metavar="N", help="of each project (10000)")
    group.add_argument("--searches-per-minute", type=_count, metavar="N", help="of each project (no limit)")
    group.add_argument(
        "--project",
        type=_project,
        action="append",
        default=[],
        metavar="NAME=KEY,KEY",
        help="keys that share one project's quota; may be given several times",
    )


def _add_oddities(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("oddities (rates from 0 to 1)")
    group.add_argument("--late-rate", type=_rate, default=0.0, metavar="R", help="videos that search finds late")
    group.add_argument("--late-by", type=_seconds, default=600.0, metavar="SECONDS", help="how late (600)")
    group.add_argument("--error-rate", type=_rate, default=0.0, metavar="R", help="requests answered by 5xx")
    group.add_argument("--slow-rate", type=_rate, default=0.0, metavar="R", help="requests answered slowly")
    group.add_argument("--slow-by", type=_seconds, default=3.0, metavar="SECONDS", help="how slowly (3)")
    group.add_argument(
        "--wrong-page-rate",
        type=_rate,
        default=0.0,
        metavar="R",
        help="searches answered by an empty or repeated page, one without its token, out of its window or order",
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535 is accepted")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no count: a whole number from 0 on is accepted")
    return int(text)


def _positive(text: str) -> int:
    if _count(text) == 0:
        raise argparse.ArgumentTypeError("a whole number from 1 on is accepted")
    return int(text)


def _number(text: str, accepted: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number: {accepted} is accepted") from None


def _seconds(text: str) -> float:
    accepted = "a number of seconds above 0, at most 10 years,"
    value = _number(text, accepted)
    if not 0 < value <= 315_360_000:
        raise argparse.ArgumentTypeError(f"{accepted} is accepted")
    return value


def _rate(text: str) -> float:
    accepted = "a number from 0 to 1"
    value = _number(text, accepted)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{accepted} is accepted")
    return value


def _time(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _project(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, keys = text.partition("=")
    listed = tuple(key for key in keys.split(",") if key)
    if not name or not listed:
        raise argparse.ArgumentTypeError("a name, `=` and keys separated by commas are accepted")
    return name, listed
