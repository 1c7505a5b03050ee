"""Reads one value of a query. Every error names the parameter and what it accepts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from fastapi import Request

from query_api.dates import LENGTHS, MOMENTS, parse_length, parse_moment
from query_api.problems import ProblemError
from schemas import CONTROL_CHARACTER
from video_index import Question, QuestionError, parse_question

MAX_TEXT = 200

Given = Mapping[str, str]
Choice = TypeVar("Choice", bound=StrEnum)

# Where the indexes' time begins; Elasticsearch does not read all years before.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUESTION = 'up to 500 characters: words, "phrases" in closed quotes, OR, title: and channel:, and -words to exclude'


def given_in(request: Request, known: Sequence[str]) -> dict[str, str]:
    """The parameters by their names, in their order. Raises ProblemError for one that is unknown or given twice."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            accepted = ", ".join(known) or "no parameters"
            raise ProblemError(422, "is not a parameter of this path", parameter=name[:100], accepted=accepted)
        if name in given:
            raise ProblemError(422, "is given twice", parameter=name, accepted="one value")
        given[name] = value
    return given


def question_in(given: Given) -> Question | None:
    """The question `q`; None without one."""
    text = given.get("q", "")
    if not text.strip(" "):
        return None
    try:
        return parse_question(text)
    except QuestionError as error:
        raise ProblemError(422, str(error), parameter="q", accepted=_QUESTION) from error


def moment_in(given: Given, name: str, now: datetime, *, is_end: bool) -> datetime | None:
    """One end of a range of dates; None leaves it open."""
    if name not in given:
        return None
    try:
        return max(parse_moment(given[name], now, is_end=is_end), _EPOCH)
    except (ValueError, OverflowError):
        raise ProblemError(422, "is not a date that can be read", parameter=name, accepted=MOMENTS) from None


def length_in(given: Given, name: str) -> int | None:
    """One end of a range of seconds; None leaves it open."""
    if name not in given:
        return None
    try:
        return parse_length(given[name])
    except ValueError:
        raise ProblemError(422, "is not a length that can be read", parameter=name, accepted=LENGTHS) from None


def number_in(given: Given, name: str, *, default: int, most: int) -> int:
    """A whole number from 1 on."""
    if name not in given:
        return default
    text = given[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and 1 <= int(text) <= most):
        raise ProblemError(
            422, "is not a number in its range", parameter=name, accepted=f"a whole number from 1 to {most}"
        )
    return int(text)


def text_in(given: Given, name: str) -> str | None:
    """A short text, such as an id; None without one."""
    text = given.get(name)
    if text is None or text == "":
        return None
    if len(text) > MAX_TEXT or CONTROL_CHARACTER.search(text):
        accepted = f"up to {MAX_TEXT} printable characters"
        raise ProblemError(422, "is too long, or not printable", parameter=name, accepted=accepted)
    return text


def choice_in(given: Given, name: str, choices: Sequence[str]) -> str | None:
    """One of these values; None without one."""
    if name in given and given[name] not in choices:
        raise ProblemError(422, "is none of its values", parameter=name, accepted=", ".join(choices))
    return given.get(name)


def choices_in(given: Given, name: str, kind: type[Choice]) -> frozenset[Choice]:
    """Any of these values, separated by commas."""
    try:
        return frozenset(map(kind, given[name].split(","))) if name in given else frozenset()
    except ValueError:
        accepted = f"one or more of {', '.join(kind)}, separated by commas"
        raise ProblemError(422, "is none of its values", parameter=name, accepted=accepted) from None
