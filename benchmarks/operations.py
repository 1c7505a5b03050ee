"""What an index costs to make anew, to back up and to bring back, and how large records and documents are.

The videos are on `youtube.videos` as the processor leaves them. The index is made from them twice: where there is
none, and beside the one there is, with which it is compared. Nothing else is written meanwhile.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from threading import Event

from elasticsearch import Elasticsearch

from benchmarks.made_up import raw_records, videos
from benchmarks.running import running_engines
from benchmarks.tables import print_table
from event_log import EventLog, NewRecord
from event_log.embedded import EmbeddedLog
from event_log.kafka import KafkaLog
from operations import embedded_copy
from operations.backup import back_up
from operations.claim import claimed
from operations.rebuild import rebuild
from operations.reindex import Reindex
from operations.restore import Restore
from operations.snapshots import Snapshots
from operations.verify import verify
from schemas import ALL_TOPICS, RAW, VIDEOS, utc_now
from video_index.elasticsearch import ElasticsearchIndex
from waiting import Patience

Row = tuple[str, str, str]


def measure(documents: int) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        rows = [*_on_engines(Path(directory), documents), *_embedded(Path(directory), documents)]
    print_table(f"Operations on {documents:,} videos", ("", "took", "bytes a record"), rows)


def _on_engines(directory: Path, documents: int) -> Iterator[Row]:
    with (
        running_engines(directory) as (brokers, url, _),
        KafkaLog(brokers) as log,
        ElasticsearchIndex(url) as index,
        claimed(log) as claim,
    ):
        _publish(log, documents)
        for topic in (RAW, VIDEOS):
            segments = (directory / "kafka" / "records").glob(f"{topic.name}-*/*.log")
            size = sum(path.stat().st_size for path in segments)
            yield f"Kafka: {topic.name}", "", f"{size / documents:,.0f}"
        versions, patience = index.versions, Patience(Event())
        for what in ("an index where there is none", "an index beside the one there is"):
            report = Reindex(log, versions, claim, patience).run()
            yield f"make {what}", f"{report.seconds:.1f} s", ""
        yield "of that, writes wait", f"{report.blocked_s:.1f} s", ""
        with Elasticsearch(url) as client:
            client.options(request_timeout=600).indices.forcemerge(index=report.index, max_num_segments=1)
            stats = client.indices.stats(index=report.index)["_all"]["primaries"]
        yield "Elasticsearch: a document, merged", "", f"{stats['store']['size_in_bytes'] / documents:,.0f}"
        yield "compare index and log", _timed(lambda: verify(log, index)), ""
        snapshots = Snapshots(versions.client)
        started = time.perf_counter()
        path, _, _ = back_up(log, versions, snapshots, directory / "backups", utc_now())
        took = time.perf_counter() - started
        yield "backup", f"{took:.1f} s", f"{path.stat().st_size / documents:,.0f} and the snapshot"
        restore = Restore(log, versions, path, overwrite=True)
        yield "restore: the index", _timed(lambda: restore.bring_back_index(snapshots)), ""
        yield "restore: the records", _timed(restore.bring_back_records), ""


def _embedded(directory: Path, documents: int) -> Iterator[Row]:
    data = directory / "embedded"
    with EmbeddedLog(data / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        log.append(_documents(documents))
        log.check()
        yield "embedded: make the index", _timed(lambda: rebuild(log, data / "index")), ""
        index = sum(path.stat().st_size for path in (data / "index").iterdir())
        yield "embedded: a document", "", f"{index / documents:,.0f}"
        started = time.perf_counter()
        path = embedded_copy.back_up(data, directory / "backups", utc_now())
        took = time.perf_counter() - started
        yield "embedded: backup", f"{took:.1f} s", f"{path.stat().st_size / documents:,.0f}"
    size = sum(path.stat().st_size for path in data.glob("log.sqlite*"))
    yield f"embedded: {VIDEOS.name}", "", f"{size / documents:,.0f}"


def _publish(log: EventLog, documents: int) -> None:
    log.create_topics(ALL_TOPICS)
    for batch in _batches(raw_records(documents, utc_now())):
        log.append(batch)
    for batch in _batches(iter(_documents(documents))):
        log.append(batch)


def _documents(count: int) -> list[NewRecord]:
    return [NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos(count)]


def _batches(records: Iterator[NewRecord]) -> Iterator[list[NewRecord]]:
    while batch := list(islice(records, 5_000)):
        yield batch


def _timed(work: Callable[[], object]) -> str:
    started = time.perf_counter()
    work()
    return f"{time.perf_counter() - started:.1f} s"
