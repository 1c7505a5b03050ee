"""Removes the videos of subjects that are followed no more, where people asked for it.

    youtube.control: unfollowed/<id> ─► index: what only it found ─► youtube.lookup.raw ─► (processor) ─► index

A pass goes through all of them. When a later one finds nothing to remove the wish is fulfilled, and taken back. What
a poll found just before reaches the index after the first pass, and is removed by the second.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from event_log import EventLog, NewRecord, Table
from observability import event_logger
from producer.clock import has_passed
from producer.publisher import Publisher
from producer.state import Appender
from schemas import CONTROL, LOOKUPS, LookupContext, LookupKind, Unfollowed
from video_index import SearchRequest, Sort, VideoIndex, VideoIndexError
from video_index.interface import Position

logs = event_logger("producer")

_AT_ONCE = 500
_LOOK_EVERY = timedelta(seconds=1)
"""Between two looks something else is done as well: searches do not wait for a large subject to go."""

_PASS_EVERY = timedelta(minutes=15)
"""Longer than the processor is behind, as a rule: where it is not, videos are only told to be gone once more."""


@dataclass(frozen=True, slots=True)
class _Pass:
    """One way through the videos of a subject: how far it came, and how many were to be removed so far."""

    began_at: datetime
    is_first: bool
    after: Position | None = None
    removed: int = 0
    ended: bool = False


class Unfollowing:
    """Does a few hundred videos at a time. `source` is what the records name as their origin."""

    def __init__(
        self, *, log: EventLog, appender: Appender, index: VideoIndex, publisher: Publisher, source: str
    ) -> None:
        self._table: Table[Unfollowed] = Table(log, CONTROL.name, _read)
        self._appender = appender
        self._index = index
        self._publisher = publisher
        self._source = source
        self._looked_at: datetime | None = None
        self._passes: dict[str, _Pass] = {}

    def work(self, followed: Collection[str], now: datetime) -> bool:
        """Removes some videos of one subject, if that is due; whether it did. `followed` are ids of subjects.

        Raises what the publisher raises. While the index is away nothing is done.
        """
        if not has_passed(self._looked_at, _LOOK_EVERY, now):
            return False
        self._looked_at = now
        try:
            for wish in self._table.refresh().values():
                if wish.id not in followed and self._is_due(wish, now):
                    self._go_on(wish, now)
                    return True
        except VideoIndexError as error:
            logs.warning("index_away", reason=error, meanwhile="videos of unfollowed subjects stay")
        return False

    def close(self) -> None:
        """Frees the reader."""
        self._table.close()

    def _is_due(self, wish: Unfollowed, now: datetime) -> bool:
        current = self._passes.get(wish.key)
        return current is None or not current.ended or has_passed(current.began_at, _PASS_EVERY, now)

    def _go_on(self, wish: Unfollowed, now: datetime) -> None:
        before = self._passes.get(wish.key)
        current = _Pass(now, is_first=before is None) if before is None or before.ended else before
        after = self._passes[wish.key] = self._next(wish, current, now)
        if after.ended:
            logs.info("videos_removed", videos=after.removed, reason=_reason(wish))
            if not after.is_first and after.removed == 0:
                self._appender.append([NewRecord(CONTROL.name, wish.key, None)])
                del self._passes[wish.key]

    def _next(self, wish: Unfollowed, current: _Pass, now: datetime) -> _Pass:
        request = SearchRequest(subject=wish.id, sort=Sort.OLDEST, limit=_AT_ONCE, after=current.after)
        found = self._index.search(request)
        alone = [str(video["video_id"]) for video in found.documents if list(video["subjects"]) == [wish.id]]
        self._publish(alone, wish, now)
        return replace(current, after=found.next, removed=current.removed + len(alone), ended=found.next is None)

    def _publish(self, videos: list[str], wish: Unfollowed, now: datetime) -> None:
        call = uuid.uuid4().hex
        contexts = (
            LookupContext(
                event_id=f"{call}-{place}",
                kind=LookupKind.GONE,
                source=self._source,
                fetched_at=now,
                subject=wish.id,
                reason=_reason(wish),
            )
            for place in range(1, len(videos) + 1)
        )
        self._publisher.publish(
            [
                NewRecord(LOOKUPS.name, video, None, context.to_headers())
                for video, context in zip(videos, contexts, strict=True)
            ]
        )


def _reason(wish: Unfollowed) -> str:
    return f"{wish.id} is followed no more, and its videos were to go with it"


def _read(key: str, value: bytes) -> Unfollowed | None:
    return Unfollowed.model_validate_json(value) if key.startswith("unfollowed/") else None
