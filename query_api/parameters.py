"""Reads query parameters. Every error names the parameter and what it accepts; an unknown one is an error too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from fastapi import Request

from query_api.problems import ProblemError
from schemas import parse_utc
from video_index import Question, QuestionError, SearchRequest, Sort, parse_question

MAX_LIMIT = 50
MAX_REACH = 10_000_000
"""Videos that pages reach. An index may set memory aside for every one before a page, found or not."""
MAX_TEXT = 200
DATES = "an ISO 8601 date or date-time, such as 2026-11-24 or 2026-11-24T04:24:53Z"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_DATE = 50
# Of what Python reads, that which is ISO 8601: Python takes any character between date and time.
_DATE = re.compile(r"[0-9W-]+(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?)?")
_WITHIN_SECOND = re.compile(r"[.,]0*[1-9]")
# Where the indexes' time begins; Elasticsearch does not read all years before.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked for; `page` counts from 1."""

    request: SearchRequest
    question: Question | None
    page: int
    limit: int


def read_search(request: Request) -> Asked:
    """The parameters of `GET /search`. Raises ProblemError."""
    given = _given(
        request, ("q", "published_after", "published_before", "subject", "channel", "sort", "page", "limit")
    )
    question = _question(given)
    fallback = Sort.RELEVANCE if question is not None else Sort.NEWEST
    return _asked(given, question=question, sort=_sort(given, fallback), default_limit=10)


def read_get(request: Request) -> Asked:
    """The parameters of `GET /get`. Raises ProblemError."""
    given = _given(request, ("page", "limit", "published_after", "published_before"))
    return _asked(given, question=None, sort=Sort.NEWEST, default_limit=5)


def read_nothing(request: Request) -> None:
    """For routes without parameters. Raises ProblemError when there are some."""
    _given(request, ())


def _asked(given: Mapping[str, str], *, question: Question | None, sort: Sort, default_limit: int) -> Asked:
    after = _moment(given, "published_after", is_end=False)
    before = _moment(given, "published_before", is_end=True)
    if after is not None and before is not None and after > before:
        raise ProblemError(
            422,
            "is later than published_before",
            parameter="published_after",
            accepted="a time that is not after published_before",
        )
    limit = _number(given, "limit", default=default_limit, most=MAX_LIMIT)
    page = _number(given, "page", default=1, most=MAX_REACH // limit)
    return Asked(
        request=SearchRequest(
            question=question,
            published_after=after and max(after, _EPOCH),
            published_before=before and max(before, _EPOCH),
            subject=_text(given, "subject"),
            channel=_text(given, "channel"),
            sort=sort,
            offset=(page - 1) * limit,
            limit=limit,
        ),
        question=question,
        page=page,
        limit=limit,
    )


def _given(request: Request, known: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    # Not `request.query_params`, which takes UTF-8 that is not percent-encoded for latin-1.
    for name, value in parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True):
        if name not in known:
            accepted = ", ".join(known) or "no parameters"
            raise ProblemError(422, "is not a parameter of this path", parameter=name[:100], accepted=accepted)
        if name in given:
            raise ProblemError(422, "is given twice", parameter=name, accepted="one value")
        given[name] = value
    return given


def _question(given: Mapping[str, str]) -> Question | None:
    text = given.get("q", "")
    if not text.strip(" "):
        return None
    try:
        return parse_question(text)
    except QuestionError as error:
        accepted = 'up to 500 characters: words, "phrases" in closed quotes, and -words to exclude'
        raise ProblemError(422, str(error), parameter="q", accepted=accepted) from error


def _sort(given: Mapping[str, str], fallback: Sort) -> Sort:
    try:
        return Sort(given["sort"]) if "sort" in given else fallback
    except ValueError:
        raise ProblemError(422, "is no known order", parameter="sort", accepted=", ".join(Sort)) from None


def parse_date(text: str) -> datetime:
    """An ISO 8601 date or date-time as a UTC second.

    Raises ValueError or, for what is in another year than 1 to 9999 in UTC, OverflowError.
    """
    text = text.upper()
    if len(text) > _MAX_DATE or not _DATE.fullmatch(text):
        raise ValueError("not a date")
    return parse_utc(text)


def _moment(given: Mapping[str, str], name: str, *, is_end: bool) -> datetime | None:
    if name not in given:
        return None
    text = _with_plus(given[name])
    try:
        return parse_date(text) + (_rest_of_day(text) if is_end else _rest_of_second(text))
    except (ValueError, OverflowError):
        raise ProblemError(422, "is not a date that can be read", parameter=name, accepted=DATES) from None


def _with_plus(text: str) -> str:
    # In a query string a plus stands for a space, so an offset such as +01:00 arrives with one.
    time, space, offset = text.rpartition(" ")
    return f"{time}+{offset}" if space and ("T" in time.upper() or " " in time) else text


def _rest_of_day(text: str) -> timedelta:
    return timedelta() if "T" in text.upper() or " " in text else timedelta(days=1, seconds=-1)


def _rest_of_second(text: str) -> timedelta:
    return timedelta(seconds=1) if _WITHIN_SECOND.search(text) else timedelta()


def _number(given: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    if name not in given:
        return default
    text = given[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and 1 <= int(text) <= most):
        raise ProblemError(
            422, "is not a number in its range", parameter=name, accepted=f"a whole number from 1 to {most}"
        )
    return int(text)


def _text(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is None or text == "":
        return None
    if len(text) > MAX_TEXT or _CONTROL.search(text):
        accepted = f"up to {MAX_TEXT} printable characters"
        raise ProblemError(422, "is not an id that can be read", parameter=name, accepted=accepted)
    return text
