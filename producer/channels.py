"""Which channels are followed through their uploads, for which subjects. Pure, but for the tally it keeps.

A channel's newest 50 uploads cost one unit of 10,000, a search one of 100: a channel that published on a subject
twice is worth following. People may also add channels to a subject.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from producer.answers import FoundItem
from schemas import ChannelProgress, Subject

SEEN_TWICE = 2
"""Videos on one subject after which a channel is followed for it."""

MOST_CHANNELS = 1_000
"""Followed at once without having been added by people; 10,000 units ask each of so many ten times a day."""

_QUIET_AFTER = timedelta(days=45)
"""A channel is followed no more when it published nothing on its subjects for so long."""

_MOST_TALLIED = 20_000


class Tally:
    """Counts which channels publish on which subject, in memory: after a restart it counts anew."""

    def __init__(self) -> None:
        self._videos: dict[tuple[str, str], set[str]] = {}

    def count(self, subject_id: str, items: Iterable[FoundItem]) -> set[tuple[str, str]]:
        """Notes what a search found; the pairs of channel and subject that were seen often enough by now."""
        often = set()
        for item in items:
            if item.channel_id and item.video_id:
                pair = (item.channel_id, subject_id)
                videos = self._videos.setdefault(pair, set())
                if len(videos) < SEEN_TWICE:
                    videos.add(item.video_id)
                if len(videos) >= SEEN_TWICE:
                    often.add(pair)
        while len(self._videos) > _MOST_TALLIED:
            del self._videos[next(iter(self._videos))]
        return often


def subjects_of(channel: str, note: ChannelProgress | None, subjects: Collection[Subject]) -> list[Subject]:
    """The subjects that a channel is followed for: those it was added to, and those it was seen to publish on."""
    seen = note.subjects if note else {}
    return [subject for subject in subjects if channel in subject.channels or subject.id in seen]


def followed(
    notes: Mapping[str, ChannelProgress], subjects: Collection[Subject], now: datetime
) -> dict[str, list[Subject]]:
    """The channels to follow, and for which subjects."""
    added = {channel for subject in subjects for channel in subject.channels}
    channels = [*sorted(added), *(channel for channel in notes if channel not in added)]
    wanted = {channel: subjects_of(channel, notes.get(channel), subjects) for channel in channels}
    return {
        channel: its_subjects
        for channel, its_subjects in wanted.items()
        if its_subjects and (channel in added or not is_quiet(notes[channel], now))
    }


def is_quiet(note: ChannelProgress, now: datetime) -> bool:
    """Whether it has published nothing on its subjects for long."""
    return note.matched_at is not None and now - note.matched_at > _QUIET_AFTER


def newly_followed(
    often: Iterable[tuple[str, str]], notes: Mapping[str, ChannelProgress], now: datetime
) -> list[ChannelProgress]:
    """The notes to write for channels and subjects that were seen often enough."""
    changed: dict[str, ChannelProgress] = {}
    room = MOST_CHANNELS - len(notes)
    for channel, subject_id in sorted(often):
        note = changed.get(channel) or notes.get(channel)
        if note is None and room <= 0:
            continue
        if note is None:
            room -= 1
            note = ChannelProgress(id=channel, matched_at=now)
        if subject_id not in note.subjects:
            changed[channel] = note.model_copy(update={"subjects": {**note.subjects, subject_id: 0}})
    return list(changed.values())
