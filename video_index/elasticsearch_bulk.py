"""Changes of documents as lines of Elasticsearch's `_bulk`, and what its answer says of each."""

from typing import Any

import orjson

from schemas import Video
from video_index.document import derive
from video_index.errors import IndexAccessError, IndexBlockedError, IndexUnavailableError
from video_index.interface import Delete, Outcome, Write, WriteResult

OVERLOADED = (429, 502, 503, 504)
"""Statuses that say "later"."""

BLOCKED = "cluster_block_exception"
"""The error of an index that takes no changes; with status 429 it does so because the disk is nearly full."""


def bulk_lines(change: Write | Delete) -> list[bytes]:
    """The action, and for a write the document below it."""
    if isinstance(change, Delete):
        return [_on_condition("delete", change.video_id, change.expected)]
    if change.expected is None:
        return [orjson.dumps({"create": {"_id": change.video_id}}), _document(change.video)]
    return [_on_condition("index", change.video_id, change.expected), _document(change.video)]


def put_lines(video_id: str, video: Video | None) -> list[bytes]:
    """The action on no condition: the document as it is to be, or to be gone."""
    if video is None:
        return [orjson.dumps({"delete": {"_id": video_id}})]
    return [orjson.dumps({"index": {"_id": video_id}}), _document(video)]


def bulk_result(item: dict[str, Any]) -> WriteResult:
    """The outcome of one change.

    Raises IndexUnavailableError if it could not be made now, and IndexAccessError if this service may not make any.
    """
    [outcome] = item.values()
    status = outcome["status"]
    if status < 300:
        return WriteResult(Outcome.WRITTEN)
    if status == 409:
        return WriteResult(Outcome.CONFLICT)
    error = outcome["error"]
    reason = f"{error['type']}: {error['reason']}"
    if status in OVERLOADED or status == 404:
        raise IndexUnavailableError(f"Elasticsearch could not take a document now ({status}): {reason}")
    if status == 403 and error["type"] == BLOCKED:
        raise IndexBlockedError(f"the index takes no changes for now: {error['reason']}")
    if status in (401, 403):
        raise IndexAccessError(f"Elasticsearch lets this service write no documents ({status}): {error['type']}")
    return WriteResult(Outcome.REJECTED, reason)


def _on_condition(action: str, video_id: str, expected: tuple[int, int]) -> bytes:
    seq_no, primary_term = expected
    return orjson.dumps({action: {"_id": video_id, "if_seq_no": seq_no, "if_primary_term": primary_term}})


def _document(video: Video) -> bytes:
    # The document is JSON already: what is derived from it goes in before its closing brace.
    return video.to_json()[:-1] + b',"derived":' + orjson.dumps(derive(video)) + b"}"
