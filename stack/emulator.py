"""Asks the emulator what a catalogue holds, as a user would: on its command line."""

import json
import subprocess
import sys
from dataclasses import dataclass

from stack.errors import StackError

_ANSWERS_WITHIN_S = 120


@dataclass(frozen=True, slots=True)
class Description:
    """`first_published` is an ISO time."""

    first_published: str


def list_subjects(catalogue: str | None) -> list[str]:
    """Subjects that the videos of the catalogue, or the made-up ones, are about. Raises StackError."""
    return [line.strip() for line in _ask(catalogue, "--list-subjects").splitlines() if line.strip()]


def describe(catalogue: str | None) -> Description:
    """What the catalogue, or the made-up one, holds. Raises StackError."""
    answer = json.loads(_ask(catalogue, "--describe"))
    return Description(first_published=answer["first_published"])


def _ask(catalogue: str | None, question: str) -> str:
    command = [sys.executable, "-m", "youtube_emulator", question]
    if catalogue:
        command += ["--catalogue", catalogue]
    try:
        answer = subprocess.run(  # noqa: S603 - a command made here
            command, capture_output=True, text=True, check=False, timeout=_ANSWERS_WITHIN_S
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"the emulator did not read {catalogue} in {_ANSWERS_WITHIN_S} s") from None
    if answer.returncode != 0:
        said = answer.stderr.strip().splitlines() or ["it said nothing"]
        why = said[-1].removeprefix("error: ")
        raise StackError(f"the emulator cannot use {catalogue or 'its own videos'}: {why}")
    return answer.stdout
