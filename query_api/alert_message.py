"""What is posted for an alert, and what remains when nobody takes it."""

from collections.abc import Sequence
from hashlib import blake2b

import orjson

from event_log import NewRecord, Record
from query_api.answers import item
from schemas import DEAD_LETTERS, Alert, DeadLetter, Video, utc_now


def message(alert: Alert, videos: Sequence[Video]) -> tuple[bytes, dict[str, str]]:
    """The body of a post, and the header that is the same whenever it is repeated."""
    body = orjson.dumps(
        {
            "alert": {"id": alert.id, "name": alert.name},
            "videos": [item(video.model_dump(mode="json")) for video in videos],
        }
    )
    ids = " ".join([alert.id, *(video.video_id for video in videos)])
    return body, {"X-Topicreel-Delivery": blake2b(ids.encode(), digest_size=12).hexdigest()}


def dead_letter(alert: Alert, source: Record, failure: str) -> NewRecord:
    """What stands for a match that the webhook did not take."""
    letter = DeadLetter(
        reason=failure,
        source_topic=source.topic,
        source_partition=source.partition,
        source_offset=source.offset,
        failed_at=utc_now(),
    )
    return NewRecord(DEAD_LETTERS.name, alert.key, source.value, letter.to_headers())
