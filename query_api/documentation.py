"""What OpenAPI cannot see by itself, since the routes read parameters and bodies on their own; and the answers."""

from collections.abc import Mapping
from typing import Any

from query_api.dates import LENGTHS, MOMENTS
from query_api.documented_errors import problem_answers
from query_api.examples import ITEM, SUBJECT
from query_api.export import Format
from query_api.parameters import LIVE, MAX_CHANNELS, MAX_LIMIT, MAX_REACH, MAX_SUGGESTIONS
from query_api.values import MAX_TEXT
from video_index import Facet, Interval, Sort

ABOUT = """Every YouTube video about the subjects that are followed.

Errors are problem details (RFC 9457) that name the parameter or field and what it accepts; a parameter that a path
does not have is one, too. A method that a path does not have is answered with 405 and `Allow`, HEAD as GET would be.
Every answer has an `X-Request-ID`."""

TAGS = [
    {"name": "videos", "description": "Find videos."},
    {"name": "statistics", "description": "Count them."},
    {"name": "take it with you", "description": "Any search as a feed, as a file, or as it happens."},
    {"name": "subjects", "description": "What is followed."},
    {"name": "API keys", "description": "With which keys."},
    {"name": "status", "description": "What the producer does."},
    {"name": "health", "description": "Whether the service can do its work."},
]

_HEADERS = {
    "ETag": "For `If-None-Match`.",
    "Link": "Where the first page is, the one before, and the next (RFC 8288).",
    "Content-Disposition": "Has a name for the file.",
}


def answer(example: object, *headers: str, links: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An answer in JSON as `example`, with these headers, and links to what takes a part of it."""
    content = {"application/json": {"example": example}}
    return {"content": content, "headers": said_in(*headers), "links": links or {}}


def said_in(*headers: str) -> dict[str, Any]:
    """Headers of an answer."""
    return {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in headers}


def links(pointer: str, parameter: str, *operations: str) -> dict[str, Any]:
    """Links to operations whose `parameter` is what stands at the JSON pointer in the answer."""
    taken = {parameter: f"$response.body#{pointer}"}
    return {name: {"operationId": name, "parameters": taken} for name in operations}


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
        examples=["now-7d", "2023-01-03T04:24:53Z"],
    ),
    _parameter(
        "published_before",
        f"Latest publication, included: {MOMENTS}. A plain date means all of that day.",
        type="string",
        examples=["now", "2023-01-03T05:19:52Z"],
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
        examples=["street food", '"live coding" rust OR zig -title:tutorial'],
    ),
    *_DATE_PARAMETERS,
    _parameter("subject", "Id of a subject.", type="string", maxLength=MAX_TEXT, examples=[SUBJECT["id"]]),
    _parameter("channel", "Id of a channel.", type="string", maxLength=MAX_TEXT, examples=[ITEM["channel_id"]]),
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
        "facets",
        f"What to count the videos by: any of {', '.join(Facet)}, separated by commas.",
        type="string",
        examples=["subjects,channels"],
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
    _parameter("q", "What was typed so far.", type="string", maxLength=MAX_TEXT, examples=["street f"]),
    _count("limit", "Titles, and as many channels.", 8, MAX_SUGGESTIONS),
]
