"""Reads the query parameters of each route. An unknown one is an error, as is a value that cannot be understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast, get_args

from fastapi import Request

from query_api.cursor import Cursor, CursorError, read_cursor
from query_api.dates import parse_date as parse_date  # noqa: PLC0414 - read here by the routes
from query_api.problems import ProblemError
from query_api.values import (
    Given,
    choice_in,
    choices_in,
    given_in,
    length_in,
    moment_in,
    number_in,
    question_in,
    text_in,
)
from schemas import utc_now
from video_index import Facet, Interval, Live, SearchRequest, Sort, position_length

MAX_LIMIT = 50
MAX_REACH = 10_000_000
"""Videos that pages reach. An index may set memory aside for every one before a page, found or not."""
MAX_CHANNELS = 100
MAX_SUGGESTIONS = 20

FILTERS = ("q", "published_after", "published_before", "subject", "channel", "live", "min_duration", "max_duration")
"""Parameters that say which videos are meant."""

LIVE: tuple[Live, ...] = get_args(Live)


@dataclass(frozen=True, slots=True)
class SearchParameters:
    """A search as it was asked for. `page` counts from 1 and is None behind a cursor."""

    request: SearchRequest
    given: Given
    page: int | None
    began: datetime
    path: str

    @property
    def limit(self) -> int:
        """Videos a page."""
        return self.request.limit


def read_search(request: Request) -> SearchParameters:
    """The parameters of `GET /search`. Raises ProblemError."""
    given = given_in(request, (*FILTERS, "sort", "page", "limit", "cursor", "facets"))
    cursor = _cursor_in(given)
    began = cursor.began if cursor is not None else utc_now()
    wanted = search_request(given, began)
    after = cursor.position if cursor is not None else None
    if after is not None and len(after) != position_length(wanted):
        raise _cursor_problem("is of another order")
    wanted = replace(wanted, after=after, facets=choices_in(given, "facets", Facet))
    return _paged(request, wanted, given, began, default_limit=10)


def read_get(request: Request) -> SearchParameters:
    """The parameters of `GET /get`. Raises ProblemError."""
    given = given_in(request, ("page", "limit", "published_after", "published_before"))
    now = utc_now()
    return _paged(request, search_request(given, now), given, now, default_limit=5)


def read_timeline(request: Request) -> tuple[SearchRequest, Interval | None]:
    """The parameters of `GET /stats/timeline`. Raises ProblemError."""
    given = given_in(request, (*FILTERS, "interval"))
    interval = choice_in(given, "interval", tuple(Interval))
    return search_request(given, utc_now()), Interval(interval) if interval is not None else None


def read_channels(request: Request) -> tuple[SearchRequest, int]:
    """The parameters of `GET /stats/channels`, and how many are asked for. Raises ProblemError."""
    given = given_in(request, (*FILTERS, "limit"))
    return search_request(given, utc_now()), number_in(given, "limit", default=20, most=MAX_CHANNELS)


def read_suggest(request: Request) -> tuple[str, int]:
    """The text of `GET /suggest`, and how many of each kind are asked for. Raises ProblemError."""
    given = given_in(request, ("q", "limit"))
    return text_in(given, "q") or "", number_in(given, "limit", default=8, most=MAX_SUGGESTIONS)


def read_nothing(request: Request) -> None:
    """For routes without parameters. Raises ProblemError when there are some."""
    given_in(request, ())


def read_choice(request: Request, name: str, choices: Sequence[str]) -> str:
    """For routes with one parameter that has few values; the first one without it. Raises ProblemError."""
    return choice_in(given_in(request, (name,)), name, choices) or choices[0]


def search_request(given: Mapping[str, str], now: datetime) -> SearchRequest:
    """The videos that `FILTERS` and `sort` ask for; `now` is what `now-7d` counts from. Raises ProblemError."""
    question = question_in(given)
    order = choice_in(given, "sort", tuple(Sort))
    asked = SearchRequest(
        question=question,
        published_after=moment_in(given, "published_after", now, is_end=False),
        published_before=moment_in(given, "published_before", now, is_end=True),
        subject=text_in(given, "subject"),
        channel=text_in(given, "channel"),
        live=cast(Live | None, choice_in(given, "live", LIVE)),
        min_duration_s=length_in(given, "min_duration"),
        max_duration_s=length_in(given, "max_duration"),
        sort=Sort(order) if order is not None else Sort.NEWEST if question is None else Sort.RELEVANCE,
    )
    _refuse_empty_ranges(asked)
    return asked


def _refuse_empty_ranges(asked: SearchRequest) -> None:
    after, before = asked.published_after, asked.published_before
    if after is not None and before is not None and after > before:
        accepted = "a time that is not after published_before"
        raise ProblemError(422, "is later than published_before", parameter="published_after", accepted=accepted)
    least, most = asked.min_duration_s, asked.max_duration_s
    if least is not None and most is not None and least > most:
        accepted = "a length that is not above max_duration"
        raise ProblemError(422, "is above max_duration", parameter="min_duration", accepted=accepted)


def _cursor_in(given: Given) -> Cursor | None:
    if "cursor" not in given:
        return None
    if "page" in given:
        raise _cursor_problem("stands in the place of page")
    try:
        return read_cursor(given["cursor"], given)
    except CursorError as error:
        raise _cursor_problem(str(error)) from None


def _cursor_problem(reason: str) -> ProblemError:
    accepted = "the next_cursor of an answer to the same search, without page"
    return ProblemError(422, reason, parameter="cursor", accepted=accepted)


def _paged(
    request: Request, wanted: SearchRequest, given: Given, began: datetime, *, default_limit: int
) -> SearchParameters:
    limit = number_in(given, "limit", default=default_limit, most=MAX_LIMIT)
    page = number_in(given, "page", default=1, most=MAX_REACH // limit)
    return SearchParameters(
        request=replace(wanted, offset=(page - 1) * limit, limit=limit),
        given=given,
        page=page if wanted.after is None else None,
        began=began,
        path=request.scope["path"],
    )
