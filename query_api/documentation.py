"""What OpenAPI cannot see by itself, since the routes read parameters and bodies on their own; and the errors."""

from http import HTTPStatus
from typing import Any

from query_api.dates import LENGTHS, MOMENTS
from query_api.export import Format
from query_api.parameters import LIVE, MAX_CHANNELS, MAX_LIMIT, MAX_REACH, MAX_SUGGESTIONS
from query_api.problems import MEDIA_TYPE, SCHEMA
from query_api.values import MAX_TEXT
from video_index import Facet, Interval, Sort

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
READ_KNOWN: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the answer with the ETag in If-None-Match."},
    **READ,
}
READ_ONE = problem_answers(404, 503)
CHANGE = problem_answers(401, 411, 413, 415, 503)
CHECK = problem_answers(401, 404, 411, 413, 415, 503)
REMOVE = problem_answers(401, 404, 503)


def _parameter(name: str, description: str, **schema: object) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_DATE_PARAMETERS = [
    _parameter(
        "published_after",
        f"Earliest publication, included: {MOMENTS}. UTC without an offset.",
        type="string",
        examples=["2023-01-03T04:24:53Z"],
    ),
    _parameter(
        "published_before",
        f"Latest publication, included: {MOMENTS}. A plain date means all of that day.",
        type="string",
        examples=["2023-01-03T05:19:52Z"],
    ),
]


def _count(name: str, description: str, default: int, most: int) -> dict[str, Any]:
    return _parameter(name, description, type="integer", minimum=1, maximum=most, default=default)


_PAGE = _count("page", f"Page, from 1; page times limit is at most {MAX_REACH:,}.", 1, MAX_REACH)

_FILTERS = [
    _parameter(
        "q",
        'Up to 500 characters: words; "a phrase"; one OR another; title:word; channel:word; -word excludes; '
        "the last word may be unfinished.",
        type="string",
        examples=['"live coding" rust OR zig -title:tutorial'],
    ),
    *_DATE_PARAMETERS,
    _parameter("subject", "Id of a subject.", type="string", maxLength=MAX_TEXT),
    _parameter("channel", "Id of a channel.", type="string", maxLength=MAX_TEXT),
    _parameter("live", "What the video was when it was last looked up.", type="string", enum=list(LIVE)),
    _parameter("min_duration", f"Shortest length, included: {LENGTHS}.", type="string", examples=["PT5M"]),
    _parameter("max_duration", f"Greatest length, included: {LENGTHS}.", type="string", examples=["600"]),
]
SEARCH_PARAMETERS = [
    *_FILTERS,
    _parameter("sort", "Order; relevance when there is a q, else newest.", type="string", enum=list(Sort)),
    _PAGE,
    _count("limit", "Videos a page.", 10, MAX_LIMIT),
    _parameter(
        "cursor",
        "In the place of page: the next_cursor of an answer to the same search. However deep, a page costs the same, "
        "and what arrives meanwhile shifts none.",
        type="string",
    ),
    _parameter(
        "facets", f"What to count the videos by: any of {', '.join(Facet)}, separated by commas.", type="string"
    ),
]
GET_PARAMETERS = [*_DATE_PARAMETERS, _PAGE, _count("limit", "Videos a page.", 5, MAX_LIMIT)]
TIMELINE_PARAMETERS = [
    *_FILTERS,
    _parameter(
        "interval",
        "In UTC, weeks from Monday on; without one, the shortest that gives at most 200 of them.",
        type="string",
        enum=list(Interval),
    ),
]
CHANNELS_PARAMETERS = [*_FILTERS, _count("limit", "Channels.", 20, MAX_CHANNELS)]
_ORDER = _parameter("sort", "Order; newest without it.", type="string", enum=list(Sort))
FEED_PARAMETERS = [*_FILTERS, _ORDER, _count("limit", "Videos in the feed.", MAX_LIMIT, MAX_LIMIT)]
EXPORT_PARAMETERS = [
    {
        **_parameter("format", "NDJSON has everything, CSV opens in spreadsheets.", type="string", enum=list(Format)),
        "required": True,
    },
    *_FILTERS,
    _parameter("sort", "Order; relevance when there is a q, else newest.", type="string", enum=list(Sort)),
]
STREAM_PARAMETERS = [
    *_FILTERS,
    {
        **_parameter("Last-Event-ID", "The id of the last event that arrived: goes on behind it.", type="string"),
        "in": "header",
    },
]
SUGGEST_PARAMETERS = [
    _parameter("q", "What was typed so far.", type="string", maxLength=MAX_TEXT),
    _count("limit", "Titles, and as many channels.", 8, MAX_SUGGESTIONS),
]

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
