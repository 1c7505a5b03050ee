"""How what is known of a video and what a record tells become one document. Pure.

The time of YouTube's answer decides, not the order of records: of each text the newer one stays, unless it only is
less of the older one (see `texts`). What order does decide is a sighting that is late, told a text that changed
since, and is older than repeats that were not written; the next lookup puts that right.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from processor.events import Event, Gone, LookedUp, Sighting
from processor.texts import has_all_thumbnails, is_excerpt, same_words
from schemas import Video

_TEXT = (
    "title",
    "description",
    "channel_id",
    "channel_title",
    "published_at",
    "thumbnails",
    "live_broadcast_content",
)
"""What YouTube says of a video in any answer, and may change."""

_texts = attrgetter(*_TEXT)


def after(known: Video | None, events: Iterable[Event]) -> Video | None:
    """The document after the events, in their order; `known` itself when they change nothing, None for none."""
    for event in events:
        if isinstance(event, Sighting):
            known = merge(known, event.video, tells_live=event.tells_live)
        elif known is None:
            continue
        elif isinstance(event, LookedUp):
            known = refresh(known, event.video)
        elif not stays(known, event):
            known = None
    return known


def merge(known: Video | None, seen: Video, *, tells_live: bool = True) -> Video:
    """The document after a sighting; `known` itself when that changes nothing.

    Subjects are united and the earliest first sighting is kept. Details, which only lookups have, are kept, and once
    they are there only a lookup moves `refreshed_at`. Of two answers of the same second, `seen` is the newer one.
    """
    if known is None:
        return seen
    if not tells_live and seen.live_broadcast_content != known.live_broadcast_content:
        seen = seen.model_copy(update={"live_broadcast_content": known.live_broadcast_content})
    subjects = _united(known.subjects, seen.subjects)
    first_seen_at = min(known.first_seen_at, seen.first_seen_at)
    is_same = _same_text(known, seen)
    finds_nothing_new = subjects is known.subjects and first_seen_at is known.first_seen_at
    if finds_nothing_new and is_same:
        return known
    newer, older = (seen, known) if seen.updated_at >= known.updated_at else (known, seen)
    text = {} if is_same else _text(newer, older)
    if finds_nothing_new and _tells(known, text):
        return known
    return newer.model_copy(
        update={
            **text,
            "subjects": subjects,
            "first_seen_at": first_seen_at,
            "refreshed_at": _refreshed_at(newer, older, text) if known.details is None else known.refreshed_at,
            "details": known.details,
        }
    )


def refresh(known: Video, looked_up: Video) -> Video:
    """The document after a lookup; `known` itself when a newer lookup was there before.

    A lookup has the whole text, so a newer one's counts as it stands.
    """
    if known.details is not None and looked_up.refreshed_at < known.refreshed_at:
        return known
    is_newer = looked_up.updated_at >= known.updated_at
    text = {name: getattr(looked_up, name) for name in _TEXT} if is_newer else _text(known, looked_up)
    refreshed = known.model_copy(
        update={
            **text,
            "updated_at": max(known.updated_at, looked_up.updated_at),
            "refreshed_at": looked_up.refreshed_at,
            "details": looked_up.details,
        }
    )
    return known if refreshed == known else refreshed


def stays(known: Video, gone: Gone) -> bool:
    """Whether YouTube told of the video after it was said to be gone, or it is of another subject than that."""
    seen_since = max(known.refreshed_at, known.first_seen_at, known.updated_at) > gone.fetched_at
    return seen_since or (gone.subject is not None and known.subjects != (gone.subject,))


def _united(known: tuple[str, ...], seen: tuple[str, ...]) -> tuple[str, ...]:
    if known == seen or set(seen) <= set(known):
        return known
    return tuple(sorted({*known, *seen}))


def _same_text(first: Video, second: Video) -> bool:
    return bool(_texts(first) == _texts(second))


def _tells(video: Video, text: dict[str, Any]) -> bool:
    return all(getattr(video, name) == value for name, value in text.items())


def _text(newer: Video, older: Video) -> dict[str, Any]:
    """Each text of the newer document, or the older one's where the newer tells no more."""
    text = {name: getattr(newer, name) for name in _TEXT}
    for name in ("title", "channel_title"):
        if same_words(text[name], getattr(older, name)):
            text[name] = getattr(older, name)
    if is_excerpt(newer.description, older.description):
        text["description"] = older.description
    if has_all_thumbnails(older.thumbnails, newer.thumbnails):
        text["thumbnails"] = older.thumbnails
    return text


def _refreshed_at(newer: Video, older: Video, text: dict[str, Any]) -> datetime:
    """When the oldest of what is kept of two sightings was told."""
    return newer.refreshed_at if _tells(newer, text) else min(newer.refreshed_at, older.refreshed_at)
