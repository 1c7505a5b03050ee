"""Talks to whoever typed the command."""

import sys
from collections.abc import Callable

Say = Callable[[str], None]
"""Takes one line for the user."""


def say(line: str) -> None:
    """Prints one line at once, also into a pipe."""
    print(line, flush=True)  # noqa: T201 - this is what the command says


def complain(line: str) -> None:
    """Prints one line to standard error."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is what the command says
