"""The command line: `python -m stack up|down|demo|status|logs|raw|clean|reindex|backup|restore|verify|rotate`."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from stack import hints
from stack.clean import ask, clean
from stack.console import complain, say
from stack.demo import demo_settings, wait_for_results
from stack.directory import StackDirectory
from stack.down import down
from stack.engines import EngineError
from stack.errors import NotRunningError, StackError
from stack.logs import show_logs
from stack.operating import operate
from stack.ports import NoFreePortError
from stack.raw import follow_raw
from stack.renaming import keep_older_name
from stack.settings import StackSettings
from stack.status import show_status
from stack.targets import candidates, nothing_runs, running, the_one_with_logs, the_running_one
from stack.up import api_url, kibana_url, scaling, up

_OK = 0
_FAILED = 1
_NOT_RUNNING = 3
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. What goes wrong becomes one message, never a traceback."""
    options = _parser().parse_args(arguments)
    # What `make` sends when it is ended itself: to be cleaned up after like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = StackSettings.read()
        for directory in candidates(settings):
            keep_older_name(directory, complain)
        return _COMMANDS[options.command](settings, options)
    except NotRunningError as error:
        complain(str(error))
        return _NOT_RUNNING
    except (StackError, EngineError, NoFreePortError) as error:
        complain(f"error: {error}")
    except BrokenPipeError:
        # `make raw | head`: nobody reads on, which is no error; nor shall the interpreter say so when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _OK
    except OSError as error:
        complain(
            f"error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}. "
            "DATA_DIR has to be a directory that this user may write to, on a disk that is not full"
        )
    except KeyboardInterrupt:
        return _INTERRUPTED
    return _FAILED


def _up(settings: StackSettings, options: argparse.Namespace) -> int:
    directory = StackDirectory.of(settings.data_dir)
    up(settings, say, foreground=options.foreground)
    if not options.foreground:
        url = api_url(settings, directory)
        _print(hints.after_up(settings, directory, url, kibana_url(directory), scaling(directory)))
    return _OK


def _demo(settings: StackSettings, options: argparse.Namespace) -> int:
    settings = demo_settings(settings, say)
    directory = StackDirectory.of(settings.data_dir)
    up(settings, say, foreground=options.foreground)
    if not options.foreground:
        url = api_url(settings, directory)
        wait_for_results(directory, url, say)
        _print(hints.after_demo(settings, directory, url, kibana_url(directory), scaling(directory)))
    return _OK


def _down(settings: StackSettings, _: argparse.Namespace) -> int:
    found = running(settings)
    for directory in found:
        down(directory, say)
    if not found:
        say(nothing_runs(settings))
    return _OK


def _status(settings: StackSettings, _: argparse.Namespace) -> int:
    found = running(settings)
    for directory in found:
        show_status(directory, settings.api_url, say)
    if not found:
        raise NotRunningError(nothing_runs(settings))
    return _OK


def _logs(settings: StackSettings, options: argparse.Namespace) -> int:
    show_logs(the_one_with_logs(settings), options.parts, options.lines, follow=options.follow)
    return _OK


def _raw(settings: StackSettings, _: argparse.Namespace) -> int:
    follow_raw(settings, the_running_one(settings), complain)
    return _OK


def _operate(settings: StackSettings, options: argparse.Namespace) -> int:
    found = running(settings)
    directory = the_running_one(settings) if found else StackDirectory.of(settings.data_dir)
    return operate(settings, directory, [options.command, *options.arguments], complain)


def _clean(settings: StackSettings, _: argparse.Namespace) -> int:
    clean(candidates(settings), say, (lambda _: True) if os.environ.get("FORCE") == "1" else ask)
    return _OK


_COMMANDS = {
    "up": _up,
    "demo": _demo,
    "down": _down,
    "status": _status,
    "logs": _logs,
    "raw": _raw,
    "clean": _clean,
    "reindex": _operate,
    "backup": _operate,
    "restore": _operate,
    "verify": _operate,
    "rotate": _operate,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description="Runs the parts together.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in (("up", "start the stack"), ("demo", "start it against the emulator")):
        command = commands.add_parser(name, help=summary)
        command.add_argument("--foreground", action="store_true", help="stay attached; Ctrl-C ends all of it")
    commands.add_parser("down", help="stop the stack; its data stay")
    commands.add_parser("status", help="show the parts, their addresses, and how they are")
    logs = commands.add_parser("logs", help="follow the logs")
    logs.add_argument("parts", nargs="*", metavar="PART", help="only of these parts")
    logs.add_argument("--lines", type=int, default=20, help="how many lines of the past to show first (20)")
    logs.add_argument("--no-follow", dest="follow", action="store_false", help="end after the past")
    commands.add_parser("raw", help="follow the raw feed")
    commands.add_parser("clean", help="stop the stacks and remove their data; FORCE=1: without asking")
    for name, summary in (
        ("reindex", "make the index anew from the log, while the stack runs"),
        ("backup", "write a backup into BACKUP_DIR, while the stack runs"),
        ("restore", "bring a backup back into a stack that is stopped"),
        ("verify", "compare the index with the log"),
        ("rotate", "encrypt stored secrets with the first key of ENCRYPTION_KEY"),
    ):
        # What comes behind the command is for `python -m operations`.
        operation = commands.add_parser(name, help=summary, add_help=False, prefix_chars="\0")
        operation.add_argument("arguments", nargs="*", metavar="ARGUMENT")
    return parser


def _print(lines: list[str]) -> None:
    for line in lines:
        say(line)


if __name__ == "__main__":
    sys.exit(main())
