"""The bodies of answers."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from fastapi import Request, Response

from query_api.conditional import conditional, weak_etag
from query_api.cursor import Cursor
from query_api.links import links
from query_api.parameters import SearchParameters
from schemas.video import WATCH_URL
from video_index import Count, Highlighter, Question, SearchAnswer, VideoIndex, parse_question


def answer_search(request: Request, index: VideoIndex, asked: SearchParameters) -> Response:
    """Searches, and gives the page that was asked for. Raises IndexUnavailableError."""
    began = time.perf_counter()
    found, question, spelling = _search(index, asked)
    body = _page(found, asked, question)
    if asked.request.facets:
        body["facets"] = {facet.value: list(map(_counted, counts)) for facet, counts in found.facets.items()}
    if spelling is not None:
        body["spelling"] = spelling
    cursor = Cursor(asked.began, found.next).text(asked.given) if found.next is not None else None
    said = {"Link": links(asked, has_next=found.next is not None, cursor=cursor)}
    return timed_answer(request, began, body, {"next_cursor": cursor}, headers=said)


def answer_newest(request: Request, index: VideoIndex, asked: SearchParameters) -> Response:
    """The same for `GET /get`, which has neither words nor cursors."""
    began = time.perf_counter()
    found = index.search(asked.request)
    said = {"Link": links(asked, has_next=found.next is not None)}
    return timed_answer(request, began, _page(found, asked, None), headers=said)


def timed_answer(
    request: Request,
    began: float,
    body: Mapping[str, Any],
    unlike: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`body` as JSON with the milliseconds since `began`, or 304; `unlike` adds what its ETag does not depend on."""
    content = orjson.dumps(body)
    rest = orjson.dumps({**(unlike or {}), "took_ms": round((time.perf_counter() - began) * 1000)})
    return conditional(request, content[:-1] + b"," + rest[1:], weak_etag(content), headers)


def item(document: Mapping[str, Any], question: Question | None = None) -> dict[str, Any]:
    """A document as an `Item`, with highlights for a question."""
    return items([document], question)[0]


def items(documents: Sequence[Mapping[str, Any]], question: Question | None = None) -> list[dict[str, Any]]:
    """Documents as `Item`s, with highlights for a question."""
    answered = [{**document, "url": WATCH_URL + document["video_id"]} for document in documents]
    if question is not None:
        highlighter = Highlighter(question)
        for each in answered:
            each["highlights"] = highlighter.highlights(each)
    return answered


def json_answer(body: object, status: int = 200) -> Response:
    """`body` as JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def _search(
    index: VideoIndex, asked: SearchParameters
) -> tuple[SearchAnswer, Question | None, dict[str, str] | None]:
    """The answer, and the question that it answers: where nothing matches, one without misspelt words may."""
    found, question = index.search(asked.request), asked.request.question
    text = asked.given.get("q", "")
    if found.total or question is None or (used := index.respell(text)) is None:
        return found, question, None
    respelt = parse_question(used)
    better = index.search(replace(asked.request, question=respelt))
    return (better, respelt, {"asked": text, "used": used}) if better.total else (found, question, None)


def _page(found: SearchAnswer, asked: SearchParameters, question: Question | None) -> dict[str, Any]:
    return {
        "items": items(found.documents, question),
        "total": {"value": found.total, "relation": found.relation},
        "page": asked.page,
        "limit": asked.limit,
    }


def _counted(count: Count) -> dict[str, Any]:
    titled = {"title": count.title} if count.title is not None else {}
    return {"value": count.value, **titled, "count": count.count}
