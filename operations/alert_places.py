"""Where alerts go on, on a log to which the videos were brought anew: the same records have other offsets. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from schemas import Alert, AlertProgress


class OffsetCounts:
    """Counts, of the records that are brought back, those before each place that matters, partition by partition."""

    def __init__(self, wanted: Iterable[Mapping[int, int]]) -> None:
        offsets: dict[int, set[int]] = {}
        for positions in wanted:
            for partition, offset in positions.items():
                offsets.setdefault(partition, set()).add(offset)
        self._wanted = {partition: sorted(found) for partition, found in offsets.items()}
        self._before = {partition: [0] * len(found) for partition, found in self._wanted.items()}
        self.counts: dict[int, int] = {}

    def passed(self, partition: int, offset: int) -> None:
        """A record that lay there was brought back."""
        self.counts[partition] = self.counts.get(partition, 0) + 1
        before = self._before.get(partition, [])
        for each in range(bisect_right(self._wanted.get(partition, []), offset), len(before)):
            before[each] += 1

    def on_new_log(self, positions: Mapping[int, int], starts: Mapping[int, int]) -> dict[int, int]:
        """The same places, on a log where the records were appended behind `starts`."""
        return {
            partition: starts.get(partition, 0) + self._before[partition][self._wanted[partition].index(offset)]
            for partition, offset in positions.items()
        }


def wanted_by(record: Alert | AlertProgress) -> Mapping[int, int]:
    """The places on `youtube.videos` that a record names."""
    return record.starts_at if isinstance(record, Alert) else record.positions


def moved(record: Alert | AlertProgress, positions: Mapping[int, int]) -> Alert | AlertProgress:
    """The record with other places."""
    name = "starts_at" if isinstance(record, Alert) else "positions"
    return record.model_copy(update={name: dict(positions)})
