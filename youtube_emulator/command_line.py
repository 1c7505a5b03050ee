"""The options there are, and what `--help` says of them."""

import argparse
from pathlib import Path

from youtube_emulator import argument_types as types

_KEYS = """keys:
  Any key is accepted, in the parameter `key` or the header X-Goog-Api-Key, but for those that begin
    invalid...    400 API_KEY_INVALID: no valid key
    keyinvalid... 400 keyInvalid: the same as older answers said it
    disabled...   403 SERVICE_DISABLED: its project has not enabled the API
    blocked...    403 API_KEY_SERVICE_BLOCKED: restricted to other APIs
    dailylimit... 403 dailyLimitExceeded: its units are used up, as older answers said it
  Each key is a project with a quota of its own, unless --project says otherwise. What is used up is forgotten
  when the program ends, unless there is a --quota-file; it is full again at midnight Pacific time.

counts:
  GET /emulator/counts tells what each project has used on this Pacific day and ever, and how many of its calls
  were refused because a bucket was empty. It costs nothing.

exit code: 0 after SIGTERM or SIGINT, 1 when the port is in use, 2 when an option or the catalogue cannot be used.
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser; what argparse refuses ends the program with code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m youtube_emulator",
        description="A local stand-in for the YouTube Data API v3: search, videos, playlistItems and channels "
        "under /youtube/v3.",
        epilog=_KEYS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=types.port, help="port to listen on; 0 for any free one")
    parser.add_argument("--seed", type=int, default=1, help="what made-up videos and faults depend on (1)")
    parser.add_argument(
        "--result-cap", type=types.positive, default=500, metavar="N", help="results after which paging ends (500)"
    )
    parser.add_argument("--list-subjects", action="store_true", help="print queries that find many videos, and exit")
    parser.add_argument("--describe", action="store_true", help="print as JSON what videos there are, and exit")
    _add_videos(parser)
    _add_clock(parser)
    _add_quota(parser)
    _add_oddities(parser)
    return parser


def _add_videos(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("videos")
    group.add_argument("--catalogue", type=Path, metavar="FILE", help="JSON lines of videos, plain or gzipped")
    group.add_argument("--skip-bad-lines", action="store_true", help="report lines that are no video, and go on")
    group.add_argument(
        "--made-up-every", type=types.seconds, metavar="SECONDS", help="without a catalogue: time between videos (20)"
    )
    times = group.add_mutually_exclusive_group()
    times.add_argument("--shift", type=int, metavar="SECONDS", help="add this to all publication times")
    times.add_argument(
        "--newest-at", type=types.moment, metavar="TIME", help="shift all so that the newest is from then"
    )
    group.add_argument("--arriving", type=types.positive, metavar="N", help="the newest N appear one by one")
    group.add_argument("--arriving-every", type=types.seconds, metavar="SECONDS", help="time between them (10)")
    group.add_argument("--arriving-from", type=types.moment, metavar="TIME", help="when the first appears (now)")


def _add_clock(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("clock (told in each answer's Date header)")
    begin = group.add_mutually_exclusive_group()
    begin.add_argument(
        "--clock-skew", type=types.any_seconds, default=0.0, metavar="SECONDS", help="how far it is ahead (0)"
    )
    begin.add_argument("--clock-from", type=types.moment, metavar="TIME", help="what it shows at the start")
    group.add_argument("--clock-speed", type=types.speed, default=1.0, metavar="X", help="how fast it runs (1)")


def _add_quota(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("quota")
    group.add_argument("--searches-per-day", type=types.count, default=100, metavar="N", help="of each project (100)")
    group.add_argument(
        "--units-per-day", type=types.count, default=10_000, metavar="N", help="of each project (10000)"
    )
    group.add_argument("--searches-per-minute", type=types.count, metavar="N", help="of each project (no limit)")
    group.add_argument(
        "--quota-file", type=Path, metavar="FILE", help="keeps what is used, for the program's next start"
    )
    group.add_argument(
        "--project",
        type=types.project,
        action="append",
        default=[],
        metavar="NAME=KEY,KEY",
        help="keys that share one project's quota; may be given several times",
    )


def _add_oddities(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("oddities (rates from 0 to 1)")
    group.add_argument("--late-rate", type=types.rate, default=0.0, metavar="R", help="videos that search finds late")
    group.add_argument("--late-by", type=types.seconds, default=600.0, metavar="SECONDS", help="how late (600)")
    group.add_argument("--gone-rate", type=types.rate, default=0.0, metavar="R", help="videos that are removed")
    group.add_argument(
        "--gone-after",
        type=types.seconds,
        default=86_400.0,
        metavar="SECONDS",
        help="how long after publication (1 day)",
    )
    group.add_argument("--error-rate", type=types.rate, default=0.0, metavar="R", help="requests answered by 5xx")
    group.add_argument("--slow-rate", type=types.rate, default=0.0, metavar="R", help="requests answered slowly")
    group.add_argument("--slow-by", type=types.seconds, default=3.0, metavar="SECONDS", help="how slowly (3)")
    group.add_argument(
        "--wrong-page-rate",
        type=types.rate,
        default=0.0,
        metavar="R",
        help="searches answered by an empty or repeated page, one without its token, out of its window or order",
    )
    group.add_argument(
        "--token-loss-rate", type=types.rate, default=0.0, metavar="R", help="good page tokens that are refused"
    )
