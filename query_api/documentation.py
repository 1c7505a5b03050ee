"""What OpenAPI cannot see by itself, since the routes read parameters and bodies on their own; and the errors."""

from http import HTTPStatus
from typing import Any

from query_api.parameters import DATES, MAX_LIMIT, MAX_REACH, MAX_TEXT
from query_api.problems import MEDIA_TYPE, SCHEMA
from video_index import Sort

_ERRORS = {
    400: "The address is not UTF-8, or the Host is not this machine.",
    401: "The admin token is missing or wrong.",
    404: "There is no such thing.",
    411: "The body has no Content-Length.",
    413: "The body is too long.",
    414: "The query string is too long.",
    415: "The body is not declared as JSON.",
    422: "A parameter or a field is wrong; `errors` names it and says what it accepts.",
    503: "The index or the log cannot be reached now; `Retry-After` says when to try again.",
}


def problem_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, and those that every route has."""
    content = {MEDIA_TYPE: {"schema": SCHEMA}}
    return {
        status: {"description": f"{HTTPStatus(status).phrase}. {_ERRORS[status]}", "content": content}
        for status in sorted({400, 414, 422, *statuses})
    }


READ = problem_answers(503)
READ_ONE = problem_answers(404, 503)
CHANGE = problem_answers(401, 411, 413, 415, 503)
CHECK = problem_answers(401, 404, 411, 413, 415, 503)
REMOVE = problem_answers(401, 404, 503)


def _parameter(name: str, description: str, **schema: object) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_DATE_PARAMETERS = [
    _parameter(
        "published_after",
        f"Earliest publication, included: {DATES}. UTC without an offset.",
        type="string",
        examples=["2023-01-03T04:24:53Z"],
    ),
    _parameter(
        "published_before",
        f"Latest publication, included: {DATES}. A plain date means all of that day.",
        type="string",
        examples=["2023-01-03T05:19:52Z"],
    ),
]


def _paging(default_limit: int) -> list[dict[str, Any]]:
    return [
        _parameter(
            "page",
            f"Page, from 1; page times limit is at most {MAX_REACH:,}.",
            type="integer",
            minimum=1,
            maximum=MAX_REACH,
            default=1,
        ),
        _parameter("limit", "Videos a page.", type="integer", minimum=1, maximum=MAX_LIMIT, default=default_limit),
    ]


SEARCH_PARAMETERS = [
    _parameter(
        "q",
        'Up to 500 characters: words; "a phrase"; -word excludes; the last word may be unfinished.',
        type="string",
        examples=['"live coding" rust -tutorial'],
    ),
    *_DATE_PARAMETERS,
    _parameter("subject", "Id of a subject.", type="string", maxLength=MAX_TEXT),
    _parameter("channel", "Id of a channel.", type="string", maxLength=MAX_TEXT),
    _parameter("sort", "Order; relevance when there is a q, else newest.", type="string", enum=list(Sort)),
    *_paging(10),
]
GET_PARAMETERS = [*_DATE_PARAMETERS, *_paging(5)]

STATUS_EXAMPLE: dict[str, Any] = {
    "state": "waiting",
    "reason": "the searches of today are used up until 09:00 CET",
    "as_of": "2026-11-24T04:24:53Z",
    "instance": "host-4711",
    "subjects": [
        {
            "id": "street-food-9d1e5f",
            "query": "street food",
            "last_poll_at": "2026-11-24T04:20:00Z",
            "next_poll_at": "2026-11-24T08:00:00Z",
            "found": 1234,
            "new": 900,
            "expected_delay_s": 432.0,
            "channels": 12,
            "backfill": {"windows_done": 3, "windows_left": 5, "days_left": 1.2},
            "trouble": None,
        }
    ],
    "projects": [
        {
            "id": "projects/123456789",
            "keys": ["…abcd"],
            "searches_left": 0,
            "searches_per_day": 100,
            "units_left": 9120,
            "units_per_day": 10000,
            "resets_at": "2026-11-24T08:00:00Z",
            "resets_at_local": "09:00 CET",
        }
    ],
    "channels": 12,
    "videos": 14318,
    "awaiting_details": 3,
    "oldest_refreshed_at": "2026-11-01T10:00:00Z",
    "simulated": False,
}
"""An answer of `GET /status`."""
