"""Follows channels through their uploads, and publishes those that fit a subject.

Uploads stand newest first, so a channel is read down to what was read before; of a channel that people added, the
first time, down to the `since` of its subjects. As with searches, what was read is on the log before the note that
says so is written: a crash reads a channel again and skips nothing.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from event_log import NewRecord
from observability import event_logger
from producer.answers import UploadedItem, UploadsPage
from producer.caller import Caller, Request
from producer.channels import followed
from producer.errors import BurstError, PageTokenError, RequestRefusedError, SearchError, UnavailableError
from producer.matching import Matcher
from producer.pace import Contender, turns
from producer.publisher import Publisher
from producer.quota import Bucket
from producer.reach import CallPurpose
from producer.rhythm import note as note_rhythm
from producer.rhythm import rates
from producer.state import Notebook
from producer.youtube import YouTubeClient
from schemas import LOOKUPS, ChannelProgress, LookupContext, LookupKind, Rhythm, Subject, Window, format_utc
from waiting import Backoff

logs = event_logger("producer")

_LOOK_BACK = timedelta(days=2)
"""Uploads may become public later than they were published, as premieres do."""

_SHORTEST_PAUSE = timedelta(minutes=1)
_REST_OF_A_REFUSED_CHANNEL = timedelta(days=1)
_REST_WITH_A_REFUSED_TOKEN = timedelta(hours=1)
_AFTER_FAILURES = Backoff(4.0, 15 * 60.0, factor=8)
_MOST_PAGES = 500
"""YouTube shows 20,000 uploads of a channel; this ends a paging that never would."""

_REMEMBERED = 200

OnFound = Callable[[str, Sequence[str]], None]
"""Is told a subject's id and the ids of videos that were found for it."""


class Uploads:
    """Follows channels, one at a time. `on_found` is told what is found, before searches find it.

    With `only_added` those that people added, and no others.
    """

    def __init__(
        self,
        *,
        client: YouTubeClient,
        caller: Caller,
        publisher: Publisher,
        notebook: Notebook,
        on_found: OnFound = lambda _subject, _videos: None,
        only_added: bool = False,
    ) -> None:
        self._only_added = only_added
        self._client = client
        self._caller = caller
        self._publisher = publisher
        self._notebook = notebook
        self._on_found = on_found
        self._known: dict[str, tuple[str, ...]] = {}
        self._rests: dict[str, tuple[datetime, str]] = {}
        self._failures: dict[str, int] = {}

    def work(self, subjects: Sequence[Subject], units: int, resets_at: datetime, now: datetime) -> bool:
        """Reads the channel that is most overdue, if one is; whether it did.

        `units` are those that may be spent on this until the reset. Raises what `Caller.call` and writing do.
        """
        channels = followed({} if self._only_added else self._notebook.channels, subjects, now)
        self._forget_others(channels)
        candidates = [channel for channel in channels if not self._is_resting(channel, now)]
        if not candidates or units <= 0:
            return False
        planned = turns(
            [self._contender(channel) for channel in candidates], units, resets_at, now, shortest=_SHORTEST_PAUSE
        )
        channel = min(candidates, key=lambda channel: planned[channel].due_at)
        if planned[channel].due_at > now:
            return False
        try:
            self._read(channel, channels[channel], now)
            self._failures.pop(channel, None)
        except RequestRefusedError as error:
            self._rest(channel, now + _REST_OF_A_REFUSED_CHANNEL, error)
        except PageTokenError as error:
            self._rest(channel, now + _REST_WITH_A_REFUSED_TOKEN, error)
        except (UnavailableError, BurstError) as error:
            if not isinstance(error, UnavailableError) or error.sent:
                # Others come first: it may fail on this one alone.
                failures = self._failures.get(channel, 0)
                self._rest(channel, now + timedelta(seconds=_AFTER_FAILURES.pause_s(failures)), error)
                self._failures[channel] = failures + 1
            raise
        return True

    def tried_again_at(self, now: datetime) -> datetime | None:
        """When the first of the channels that YouTube failed on is read again; None when none rests for that."""
        return min((self._rests[each][0] for each in self._failures if self._is_resting(each, now)), default=None)

    def trouble(self, subject: Subject, now: datetime) -> str | None:
        """Why a channel that people added to the subject is not read, if one is not."""
        resting = [channel for channel in subject.channels if self._is_resting(channel, now)]
        return f"channel {resting[0]}: {self._rests[resting[0]][1]}" if resting else None

    def _rest(self, channel: str, until: datetime, error: SearchError) -> None:
        self._rests[channel] = until, f"{error}; tried again at {format_utc(until)}"
        logs.warning("channel_rests", channel=channel, reason=error, until=format_utc(until))

    def _read(self, channel: str, subjects: Sequence[Subject], now: datetime) -> None:
        note = self._notebook.channels.get(channel) or ChannelProgress(id=channel)
        past = past_to_read(note, [subject for subject in subjects if channel in subject.channels])
        down_to = past or newest_to_read(note)
        # What is known was not published for a subject, or a time, that is new.
        known = () if past else self._known.get(channel, ())
        seen: dict[str, UploadedItem] = {}
        fitting: dict[str, UploadedItem] = {}
        matches = {**dict.fromkeys((subject.id for subject in subjects), 0), **note.subjects}
        for page in self._pages(channel, down_to):
            fresh = {
                item.video_id: item
                for item in page
                if item.video_id and item.video_id not in seen and item.video_id not in known
            }
            for subject_id, videos in self._publish(list(fresh.values()), subjects, down_to, now).items():
                new = [video for video in videos if known or not was_read(note, subject_id, fresh[video])]
                matches[subject_id] = matches.get(subject_id, 0) + len(new)
                fitting |= {video: fresh[video] for video in videos}
            seen |= fresh
        after = after_reading(note, list(seen.values()), matches, down_to, now)
        self._notebook.write(after.model_copy(update={"rhythm": rhythm_after(note, seen, fitting, now)}))
        self._known[channel] = (*seen, *known)[:_REMEMBERED]

    def _pages(self, channel: str, down_to: datetime | None) -> Iterator[Sequence[UploadedItem]]:
        """Pages down to that publication time; the newest alone for None."""
        token: str | None = None
        for _ in range(_MOST_PAGES):
            page = self._caller.call(Bucket.UNITS, _asked(channel), _request(self._client, channel, token))
            yield page.items
            times = [item.published_at for item in page.items if item.published_at is not None]
            token = page.next_token
            if token is None or down_to is None or not page.items or (times and max(times) < down_to):
                return

    def _publish(
        self, items: Sequence[UploadedItem], subjects: Sequence[Subject], down_to: datetime | None, now: datetime
    ) -> dict[str, list[str]]:
        """The ids of the items that fit, by subject; those are on the log."""
        records: list[NewRecord] = []
        found: dict[str, list[str]] = {}
        for subject in subjects:
            since = max(subject.since, down_to or subject.since)
            matcher = Matcher.of(subject.query)
            for item in items:
                if item.video_id and _fits(item, since, matcher):
                    found.setdefault(subject.id, []).append(item.video_id)
                    records.append(self._record(item.video_id, item.value, subject, now))
        self._publisher.publish(records)
        for subject_id, videos in found.items():
            self._on_found(subject_id, videos)
        return found

    def _record(self, video_id: str, value: bytes, subject: Subject, now: datetime) -> NewRecord:
        context = LookupContext(
            event_id=uuid.uuid4().hex,
            kind=LookupKind.UPLOAD,
            source=self._client.base_url,
            fetched_at=now,
            subject=subject.id,
        )
        return NewRecord(LOOKUPS.name, video_id, value, context.to_headers())

    def _contender(self, channel: str) -> Contender:
        note = self._notebook.channels.get(channel) or ChannelProgress(id=channel)
        return Contender(channel, rates(note.rhythm), note.last_poll_at)

    def _is_resting(self, channel: str, now: datetime) -> bool:
        return channel in self._rests and now < self._rests[channel][0]

    def _forget_others(self, channels: dict[str, list[Subject]]) -> None:
        for note in [note for note in self._notebook.channels.values() if note.id not in channels]:
            self._notebook.forget(note)
            self._known.pop(note.id, None)
            self._failures.pop(note.id, None)
            logs.info("channel_left", channel=note.id)


def past_to_read(note: ChannelProgress, added_to: Sequence[Subject]) -> datetime | None:
    """The publication time down to which uploads are read for subjects that people added the channel to.

    None when all of that was read before.
    """
    unread = [
        subject.since
        for subject in added_to
        if subject.id not in note.subjects or note.complete_from is None or subject.since < note.complete_from
    ]
    return min(unread, default=None)


def was_read(note: ChannelProgress, subject_id: str, item: UploadedItem) -> bool:
    """Whether the upload was read for the subject before, as far as the note tells."""
    if subject_id not in note.subjects or note.complete_from is None or note.newest_at is None:
        return False
    return item.published_at is not None and note.complete_from <= item.published_at <= note.newest_at


def newest_to_read(note: ChannelProgress) -> datetime | None:
    """The publication time down to which new uploads are looked for; None: on the newest page alone."""
    return None if note.newest_at is None else note.newest_at - _LOOK_BACK


def rhythm_after(
    note_before: ChannelProgress, seen: dict[str, UploadedItem], fitting: dict[str, UploadedItem], now: datetime
) -> Rhythm:
    """How often the channel publishes what fits, after one more look at it."""
    times = [item.published_at for item in seen.values() if item.published_at is not None]
    watched_from = note_before.last_poll_at or min(times, default=now)
    new = [item.published_at for item in fitting.values() if item.published_at is not None]
    published = [time for time in new if note_before.newest_at is None or time > note_before.newest_at]
    watched = [Window(start=watched_from, end=now)] if watched_from <= now else []
    return note_rhythm(note_before.rhythm, watched, [time for time in published if time <= now], now)


def after_reading(
    note: ChannelProgress,
    seen: Sequence[UploadedItem],
    matches: dict[str, int],
    down_to: datetime | None,
    now: datetime,
) -> ChannelProgress:
    """The note on a channel after its uploads were read down to a time."""
    times = [item.published_at for item in seen if item.published_at is not None]
    starts = [start for start in (note.complete_from, down_to or min(times, default=None)) if start is not None]
    return note.model_copy(
        update={
            "title": next((item.channel_title for item in seen if item.channel_title), note.title),
            "subjects": matches,
            "last_poll_at": now,
            "newest_at": max((*times, *([note.newest_at] if note.newest_at else [])), default=None),
            "complete_from": min(starts, default=None),
            "matched_at": now if sum(matches.values()) > sum(note.subjects.values()) else note.matched_at or now,
        }
    )


def _fits(item: UploadedItem, since: datetime, matcher: Matcher) -> bool:
    return item.published_at is not None and item.published_at >= since and matcher.matches(*item.texts)


def _asked(channel: str) -> CallPurpose:
    return CallPurpose(ChannelProgress(id=channel).key)


def _request(client: YouTubeClient, channel: str, token: str | None) -> Request[UploadsPage]:
    return lambda key: client.uploads(channel, token, key)
