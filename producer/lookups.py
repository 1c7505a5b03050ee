"""Looks videos up: details of the new ones, a refresh of all in time, and the removal of what is gone.

    index ─► ids that need it ─► videos.list ─► youtube.lookup.raw ─► (processor) ─► index

What needs a lookup is asked of the index each time, so nothing has to be remembered: after a crash the same ids are
found again. The memory here only bridges the time until the processor has written what was published.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from event_log import NewRecord
from observability import event_logger
from producer.caller import Caller
from producer.clock import has_passed
from producer.freshness import (
    DOUBTFUL_FOR,
    GONE_AFTER,
    LOOKUP_SIZE,
    REMOVE_AFTER,
    details_are_due,
    refresh_is_due,
    refreshed_before,
)
from producer.publisher import Publisher
from producer.quota import Bucket
from producer.reach import VIDEOS
from producer.under_way import UnderWay
from producer.youtube import YouTubeClient
from schemas import LOOKUPS, LookupContext, LookupKind
from video_index import Freshness, VideoIndex, VideoIndexError

logs = event_logger("producer")

_LOOK_EVERY = timedelta(seconds=2)
_LOOK_AGAIN_AT_AN_INDEX_AWAY = timedelta(seconds=30)
"""Finding out that it is still away may take long, and nothing else is done meanwhile."""

_REMOVE_EVERY = timedelta(minutes=1)
_COUNT_EVERY = timedelta(seconds=10)
_MOST_UNDER_WAY = 2_000
"""While the processor is stuck no more is asked for than it can take up soon."""

_REMOVED_AT_ONCE = 500


class Lookups:
    """Does at most one lookup at a time. `stored` is what was last known of the index; None while it is away.

    `clock_is_confirmed` says whether what cannot be undone may go by the times that are passed in.
    """

    def __init__(
        self,
        *,
        index: VideoIndex,
        client: YouTubeClient,
        caller: Caller,
        publisher: Publisher,
        clock_is_confirmed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._index = index
        self._client = client
        self._caller = caller
        self._publisher = publisher
        self._clock_is_confirmed = clock_is_confirmed
        self.stored: Freshness | None = None
        self._away = False
        self._looked_at: datetime | None = None
        self._expiry_at: datetime | None = None
        self._counted_at: datetime | None = None
        self._details_at: datetime | None = None
        self._refreshed_at: datetime | None = None
        self._under_way = UnderWay()
        self._details_asked: set[str] = set()
        self._refresh_asked: set[str] = set()
        self._missing_since: dict[str, datetime] = {}

    def work(self, now: datetime) -> bool:
        """Looks up what is most urgent, if anything is; whether it did.

        Raises what `Caller.call` does, and what the publisher raises. While the index is away nothing is done.
        """
        if not has_passed(self._looked_at, self._pause(_LOOK_EVERY), now):
            return False
        worked = self._at_the_index(lambda: self._work(now))
        if not worked:
            self._looked_at = now
        return worked

    def remove_expired(self, now: datetime) -> bool:
        """Removes what could not be refreshed in time, if there is any; whether it did.

        Needs no YouTube, but a clock that was confirmed: with one that is weeks ahead everything would be too old.
        Raises what the publisher raises.
        """
        if not self._clock_is_confirmed() or not has_passed(self._expiry_at, self._pause(_REMOVE_EVERY), now):
            return False
        removed = self._at_the_index(lambda: self._remove_expired(now))
        if not removed:
            self._expiry_at = now
        return removed

    def _pause(self, pause: timedelta) -> timedelta:
        return _LOOK_AGAIN_AT_AN_INDEX_AWAY if self._away else pause

    def _at_the_index(self, work: Callable[[], bool]) -> bool:
        try:
            worked = work()
        except VideoIndexError as error:
            if not self._away:
                logs.warning("index_away", reason=error, meanwhile="no video is looked up, refreshed or removed")
            self._away, self.stored = True, None
            return False
        self._away = False
        return worked

    def _work(self, now: datetime) -> bool:
        self._forget_old(now)
        if self.stored is None or has_passed(self._counted_at, _COUNT_EVERY, now):
            self.stored, self._counted_at = self._index.freshness(), now
        return self._look_up_new(now) or self._refresh(now)

    def _remove_expired(self, now: datetime) -> bool:
        self._forget_old(now)
        expired = self._under_way.others(self._index.stalest(_REMOVED_AT_ONCE, now - REMOVE_AFTER), now)
        if expired:
            self._remove(expired, now, f"it could not be refreshed for {REMOVE_AFTER.days} days")
        return bool(expired)

    def _forget_old(self, now: datetime) -> None:
        self._under_way.forget_old(now)
        self._details_asked = self._under_way.known(self._details_asked)
        self._refresh_asked = self._under_way.known(self._refresh_asked)

    def _look_up_new(self, now: datetime) -> bool:
        waiting = self._to_ask(self._index.without_details(self._enough()), self._details_asked, now)
        if not details_are_due(len(waiting), self._details_at, now):
            return False
        self._look_up(waiting, now)
        self._details_at = now
        self._details_asked.update(waiting)
        return True

    def _refresh(self, now: datetime) -> bool:
        if self.stored is None or not refresh_is_due(self.stored, self._refreshed_at, now):
            return False
        stale = self._to_ask(self._index.stalest(self._enough(), refreshed_before(now)), self._refresh_asked, now)
        if stale:
            self._look_up(stale, now)
            self._refresh_asked.update(stale)
        self._refreshed_at, self._counted_at = now, None
        return bool(stale)

    def _look_up(self, videos: Sequence[str], now: datetime) -> None:
        found = self._caller.call(Bucket.UNITS, VIDEOS, lambda key: self._client.videos(videos, key))
        self._publish(LookupKind.VIDEO, {video: found[video] for video in videos if video in found}, now)
        missing = [video for video in videos if video not in found]
        # An answer without any of many videos may be no more than a failure: it is believed after a day of them.
        patience = GONE_AFTER if found or len(videos) == 1 else DOUBTFUL_FOR
        gone = [
            video
            for video in missing
            if video in self._missing_since and has_passed(self._missing_since[video], patience, now)
        ]
        self._missing_since = {video: now for video in missing if video not in gone} | self._missing_since
        self._under_way.rest([video for video in missing if video not in gone], GONE_AFTER, now)
        for video in (*found, *gone):
            self._missing_since.pop(video, None)
        if gone:
            self._remove(gone, now, "YouTube does not have it any more")

    def _remove(self, videos: Sequence[str], now: datetime, reason: str) -> None:
        self._publish(LookupKind.GONE, dict.fromkeys(videos), now, reason)
        logs.info("videos_removed", videos=len(videos), reason=reason)

    def _publish(
        self, kind: LookupKind, items: dict[str, bytes | None], now: datetime, reason: str | None = None
    ) -> None:
        call = uuid.uuid4().hex
        self._publisher.publish(
            [
                NewRecord(
                    LOOKUPS.name, video, value, self._context(f"{call}-{place}", kind, now, reason).to_headers()
                )
                for place, (video, value) in enumerate(items.items(), 1)
            ]
        )
        self._under_way.asked(items, now)

    def _context(self, event_id: str, kind: LookupKind, now: datetime, reason: str | None) -> LookupContext:
        return LookupContext(
            event_id=event_id, kind=kind, source=self._client.base_url, fetched_at=now, reason=reason
        )

    def _enough(self) -> int:
        """Ids to ask the index for, so that a call is full without those that are not to be asked for now."""
        return LOOKUP_SIZE + len(self._under_way)

    def _to_ask(self, listed: Sequence[str], asked: set[str], now: datetime) -> list[str]:
        """Those that the index lists as in need and that may be asked for now, as many as one call takes.

        The one that needs it longest is listed first: what was `asked` for and is not listed needs it no more.
        """
        done = asked.difference(listed)
        asked -= done
        self._under_way.done(done)
        room = max(0, _MOST_UNDER_WAY - self._under_way.resting(now))
        return self._under_way.others(listed, now)[: min(LOOKUP_SIZE, room)]
