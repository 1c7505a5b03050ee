"""Parameters of searches as OpenAPI, since the routes read them by themselves."""

from typing import Any

from query_api.parameters import MAX_LIMIT
from video_index import Sort


def _parameter(name: str, description: str, **schema: object) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_DATES = [
    _parameter("published_after", "Earliest publication, included. ISO 8601; UTC without an offset.", type="string"),
    _parameter(
        "published_before", "Latest publication, included; a plain date means all of that day.", type="string"
    ),
]


def _paging(default_limit: int) -> list[dict[str, Any]]:
    return [
        _parameter("page", "Page, from 1.", type="integer", minimum=1, default=1),
        _parameter("limit", "Videos a page.", type="integer", minimum=1, maximum=MAX_LIMIT, default=default_limit),
    ]


SEARCH_PARAMETERS = [
    _parameter("q", 'Words; "a phrase"; -word excludes; the last word may be unfinished.', type="string"),
    *_DATES,
    _parameter("subject", "Id of a subject.", type="string"),
    _parameter("channel", "Id of a channel.", type="string"),
    _parameter("sort", "Order; relevance when there is a q, else newest.", type="string", enum=list(Sort)),
    *_paging(10),
]
GET_PARAMETERS = [*_DATES, *_paging(5)]
