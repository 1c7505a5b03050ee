"""Compares what two indexes hold, and decides which of two documents counts. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas import Video

Source = Mapping[str, Any]

_END: tuple[str, Source] = (chr(0x10FFFF), {})
"""Behind every id."""


class Difference(NamedTuple):
    """A video that is not the same in two indexes."""

    video_id: str
    only_in_other: bool


def differing(one: Iterator[tuple[str, Source]], other: Iterator[tuple[str, Source]]) -> Iterator[Difference]:
    """Those whose documents are not the same in both. Both come in the order of their ids."""
    left, right = next(one, _END), next(other, _END)
    while left is not _END or right is not _END:
        first = min(left[0], right[0])
        if left[0] != right[0] or not are_same(left[1], right[1]):
            yield Difference(first, left[0] != first)
        left = next(one, _END) if left[0] == first else left
        right = next(other, _END) if right[0] == first else right


def are_same(one: Source | None, other: Source | None) -> bool:
    """Whether they are the same video; a field that an earlier version did not write yet is at its default."""
    if one is None or other is None or one == other:
        return one == other
    return Video.model_validate(one) == Video.model_validate(other)


def corrections(
    there: Mapping[str, Source], here: Mapping[str, Source], *, returning: bool = False
) -> dict[str, Video | None]:
    """What is to be put into an index that was made from the log (`here`), by what the one in use has (`there`).

    In doubt the index in use is right: each of its changes was made on condition of the one before, while the log may
    end with a change that was never made. But what is newer on the log stays, and so does what only the log has: the
    index is behind it while a change is under way, and after it was lost, or brought back from a copy. Where an older
    index is `returning` instead, it is to become what the one in use is.
    """
    if returning:
        differ = (each for each in {*there, *here} if not are_same(there.get(each), here.get(each)))
        return {each: Video.model_validate(there[each]) if each in there else None for each in differ}
    return {each: Video.model_validate(own) for each, own in there.items() if _counts(own, here.get(each))}


def _counts(in_use: Source, replayed: Source | None) -> bool:
    """Whether the document in use is to take the place of the one that was replayed."""
    if replayed is None or are_same(in_use, replayed):
        return replayed is None
    return _age(Video.model_validate(in_use)) >= _age(Video.model_validate(replayed))


def _age(video: Video) -> tuple[datetime, int]:
    return max(video.updated_at, video.refreshed_at), len(video.subjects)
