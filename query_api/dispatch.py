"""Which followers are told of which records of `youtube.videos`."""

from collections.abc import Sequence
from datetime import datetime

from event_log import Positions, Record
from observability import event_logger
from query_api.follower import Follower
from schemas import Video
from video_index.matching import Matcher

logs = event_logger("query_api")

AT_ONCE = 200
"""Records; a follower with room may be offered so many."""


def tell(followers: Sequence[Follower], found: Sequence[tuple[Record, Video]], reached: Positions) -> None:
    """Tells each of those of these changes that are new matches; all before `reached` were read for them."""
    wanted = {id(follower): [change for change in found if follower.wants(*change)] for follower in followers}
    # Of several changes of a video the newest counts.
    newest = {video.video_id: video for some in wanted.values() for _, video in some}
    matcher = Matcher(newest.values()) if newest else None
    for follower in followers:
        some = wanted[id(follower)]
        request = follower.request() if some else None
        ids = matcher.matches(request) if matcher is not None and request is not None else set()
        follower.tell([(record, newest[video.video_id]) for record, video in some if video.video_id in ids], reached)


def changes(records: Sequence[Record], since: datetime | None = None) -> list[tuple[Record, Video]]:
    """The videos as the records tell them; those that were appended before `since` are not even read."""
    oldest_ms = 0.0 if since is None else since.timestamp() * 1000
    found = []
    for record in records:
        if record.value is None or record.timestamp_ms < oldest_ms:
            continue
        try:
            found.append((record, Video.model_validate_json(record.value)))
        except ValueError:
            logs.warning("record_unreadable", topic=record.topic, partition=record.partition, offset=record.offset)
    return found
