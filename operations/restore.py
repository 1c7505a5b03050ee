"""Brings a backup back on Kafka and Elasticsearch, while nothing polls or processes.

    look (is it whole, is nothing overwritten, can its secrets be read?) ─► index ─► youtube.videos ─► raw results
        ─► alerts, at their places on the new log ─► control, poll state

Killed at any point it can be run again, with `--overwrite`: what is there is then replaced by what the backup has.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TypeVar

from event_log import EventLog, NewRecord
from observability import event_logger
from operations.alert_places import OffsetCounts, moved, wanted_by
from operations.backup import STATE, UNPROCESSED, live
from operations.backup_file import BackupRecord, Head, read_head, read_records
from operations.errors import RefusedError
from operations.readable import Reads, check_secrets
from operations.snapshots import Snapshots
from schemas import ALERTS, ALL_TOPICS, CONTROL, POLL_STATE, VIDEOS, Alert, AlertProgress
from video_index.elasticsearch_versions import IndexVersions

logs = event_logger("operations")

T = TypeVar("T")

_AT_ONCE = 1_000


class Restore:
    """One run. `overwrite`: what is there may go. `reads`: None leaves unreadable secrets as they are."""

    def __init__(self, log: EventLog, versions: IndexVersions, path: Path, *, overwrite: bool) -> None:
        self._log = log
        self._versions = versions
        self._path = path
        self._overwrite = overwrite
        self.head: Head = read_head(path)
        self.counts: dict[str, int] = {}
        self.places_kept = True

    def check(self, reads: Reads | None, snapshots: Snapshots | None) -> None:
        """Raises RefusedError when something would be overwritten, secrets could not be read afterwards, or the copy
        of the index is not there, where it is to come from `snapshots`."""
        self._log.create_topics(ALL_TOPICS)
        found = [] if self._overwrite else list(self._what_is_there())
        if found:
            raise RefusedError(
                f"there is something already: {', '.join(found)}. Restore into an empty stack, or say --overwrite: "
                "what is there is then replaced"
            )
        if reads is not None:
            kept = self._of(CONTROL.name, ALERTS.name)
            check_secrets(((each.record.key or "", each.record.value or b"") for each in kept), reads)
        if snapshots is not None and self.head.snapshot is not None:
            snapshots.check_copy(self.head.snapshot)

    def bring_back_index(self, snapshots: Snapshots) -> None:
        """From its copy, which the head names."""
        copy = self.head.snapshot
        assert copy is not None  # noqa: S101 - the caller looked
        self.clear_index(copy.index)
        snapshots.bring_back(copy)
        # It may say of itself that it is being replaced, from a reindex that was killed before the copy was made.
        self._versions.abandon()
        self._versions.put_template()

    def clear_index(self, name: str | None = None) -> None:
        """Removes the index there is, and any that has the name of the one to come."""
        for each in {self._versions.current(), self._versions.filling(), name} - {None}:
            self._versions.remove(str(each))

    def bring_back_records(self) -> None:
        """Everything on the log; raises LogUnavailableError, and can be run again then."""
        if self._overwrite:
            self._remove_others()
        state = {topic.name: list[BackupRecord]() for topic in STATE}
        for kept in self._of(*state):
            state[kept.record.topic].append(kept)
        alerts = [_alert(kept.record) for kept in state[ALERTS.name]]
        places = OffsetCounts(wanted_by(alert) for alert in alerts)
        starts = self._ends()
        self._append(self._of(VIDEOS.name), lambda kept: places.passed(kept.partition, kept.offset))
        self._append(self._of(*(topic.name for topic in UNPROCESSED)))
        ends = self._ends()
        self.places_kept = all(
            ends[partition] == starts[partition] + places.counts.get(partition, 0) for partition in ends
        )
        self._append_records(
            _record(moved(alert, places.on_new_log(wanted_by(alert), starts) if self.places_kept else dict(ends)))
            for alert in alerts
        )
        for topic in (CONTROL, POLL_STATE):
            self._append(iter(state[topic.name]))

    def _what_is_there(self) -> Iterator[str]:
        for topic in STATE:
            if found := live(self._log, topic.name):
                yield f"{len(found):,} records of {topic.name}"
        for topic in (VIDEOS, *UNPROCESSED):
            if count := sum(self._log.count([topic.name]).values()):
                yield f"{count:,} records of {topic.name}"
        current = self._versions.current()
        if current is not None and (documents := self._versions.count(current)):
            yield f"{documents:,} documents in {current}"

    def _remove_others(self) -> None:
        """Keys that the backup does not have."""
        for topic in (*STATE, VIDEOS):
            there = set(live(self._log, topic.name))
            there -= {str(kept.record.key) for kept in self._of(topic.name)}
            self._append_records(NewRecord(topic.name, key, None) for key in sorted(there))

    def _append(self, records: Iterator[BackupRecord], each: Callable[[BackupRecord], None] = lambda _: None) -> None:
        def seen() -> Iterator[NewRecord]:
            for kept in records:
                each(kept)
                yield kept.record

        self._append_records(seen())

    def _append_records(self, records: Iterable[NewRecord]) -> None:
        for chunk in _chunks(records):
            self._log.append(chunk)
            for record in chunk:
                self.counts[record.topic] = self.counts.get(record.topic, 0) + 1

    def _ends(self) -> dict[int, int]:
        with closing(self._log.reader([VIDEOS.name])) as reader:
            return {partition: end for (_, partition), end in reader.ends().items()}

    def _of(self, *topics: str) -> Iterator[BackupRecord]:
        return (kept for kept in read_records(self._path) if kept.record.topic in topics)


def _alert(record: NewRecord) -> Alert | AlertProgress:
    kind: type[Alert] | type[AlertProgress] = Alert if (record.key or "").startswith("alert/") else AlertProgress
    return kind.model_validate_json(record.value or b"")


def _record(alert: Alert | AlertProgress) -> NewRecord:
    return NewRecord(ALERTS.name, alert.key, alert.to_json())


def _chunks(records: Iterable[NewRecord]) -> Iterator[list[NewRecord]]:
    rest = iter(records)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk


def topics_of(counts: Mapping[str, int]) -> str:
    """How many records of each topic, for people."""
    return ", ".join(f"{topic} {count:,}" for topic, count in sorted(counts.items())) or "none"
