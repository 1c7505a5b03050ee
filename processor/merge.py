"""How two sightings of a video become one document. Pure."""

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
"""What YouTube says of a video in a search result, and may change."""


def merge(known: Video | None, seen: Video) -> Video:
    """The document after `seen`; `known` itself when that changes nothing.

    Subjects are united, the earliest first sighting is kept, and the text is that of the newer sighting; of two in
    the same second, `seen` is the newer one. Details, which searches do not carry, are kept.
    """
    if known is None:
        return seen
    newer, older = (seen, known) if seen.updated_at >= known.updated_at else (known, seen)
    subjects = _united(known.subjects, seen.subjects)
    first_seen_at = min(known.first_seen_at, seen.first_seen_at)
    if subjects == known.subjects and first_seen_at == known.first_seen_at and _same_text(known, newer):
        return known
    return newer.model_copy(
        update={
            "subjects": subjects,
            "first_seen_at": first_seen_at,
            "refreshed_at": max(known.refreshed_at, seen.refreshed_at),
            "details": newer.details or older.details,
        }
    )


def _united(known: tuple[str, ...], seen: tuple[str, ...]) -> tuple[str, ...]:
    if known == seen or set(seen) <= set(known):
        return known
    return tuple(sorted({*known, *seen}))


def _same_text(first: Video, second: Video) -> bool:
    return first is second or all(getattr(first, name) == getattr(second, name) for name in _TEXT)
