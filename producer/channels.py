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


class ChannelTally:
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


def followed(
    notes: Mapping[str, ChannelProgress], subjects: Collection[Subject], now: datetime
) -> dict[str, list[Subject]]:
    """The channels to follow, and for which subjects: those they were added to, or were seen to publish on."""
    places = {subject.id: place for place, subject in enumerate(subjects)}
    added: dict[str, set[int]] = {}
    for place, subject in enumerate(subjects):
        for channel in subject.channels:
            added.setdefault(channel, set()).add(place)
    wanted = {channel: set(added[channel]) for channel in sorted(added)}
    for channel, note in notes.items():
        if channel in added or not is_quiet(note, now):
            seen = {places[subject_id] for subject_id in note.subjects if subject_id in places}
            wanted[channel] = wanted.get(channel, set()) | seen
    in_order = list(subjects)
    return {channel: [in_order[place] for place in sorted(its)] for channel, its in wanted.items() if its}


def by_subject(notes: Iterable[ChannelProgress]) -> dict[str, list[ChannelProgress]]:
    """The channels that were seen to publish on each subject, by subject id."""
    channels: dict[str, list[ChannelProgress]] = {}
    for note in notes:
        for subject_id in note.subjects:
            channels.setdefault(subject_id, []).append(note)
    return channels


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
