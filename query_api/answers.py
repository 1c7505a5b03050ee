"""The bodies of answers."""

import time
from typing import Any, Literal

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict

from query_api.parameters import Asked
from schemas import Video
from video_index import SearchAnswer, VideoIndex, highlights


class Total(BaseModel):
    """How many videos match; `gte`: at least so many."""

    value: int
    relation: Literal["eq", "gte"]


_ADDED = {
    "url": {"type": "string", "description": "The watch page on YouTube."},
    "highlights": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "For a `q`: the fields its words stand in, as HTML with `<mark>` and all else escaped.",
    },
}


def _document_added(schema: dict[str, Any]) -> None:
    schema["properties"].update(_ADDED)
    schema["required"].append("url")


class Item(Video):
    """A video as it is answered."""

    model_config = ConfigDict(json_schema_extra=_document_added)


class Page(BaseModel):
    """A page of videos."""

    items: list[Item]
    total: Total
    page: int
    limit: int
    took_ms: int


def answer_search(index: VideoIndex, asked: Asked) -> Response:
    """Searches, and gives the page that was asked for. Raises IndexUnavailableError."""
    started = time.perf_counter()
    found = index.search(asked.request)
    body = _page(found, asked, took_ms=round((time.perf_counter() - started) * 1000))
    return json_answer(body)


def _page(found: SearchAnswer, asked: Asked, took_ms: int) -> dict[str, Any]:
    items = []
    for video in found.videos:
        item = video_item(video)
        if asked.question is not None:
            item["highlights"] = highlights(video, asked.question)
        items.append(item)
    return {
        "items": items,
        "total": {"value": found.total, "relation": found.relation},
        "page": asked.page,
        "limit": asked.limit,
        "took_ms": took_ms,
    }


def video_item(video: Video) -> dict[str, Any]:
    """`video` as an `Item`, without highlights."""
    return {**video.model_dump(mode="json"), "url": video.url}


def json_answer(body: object, status: int = 200) -> Response:
    """`body` as JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")
