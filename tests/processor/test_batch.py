from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Event

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from event_log import EventLog, LogUnavailableError, NewRecord, Record
from event_log.embedded import EmbeddedLog
from processor.batch import BatchProcessor
from processor.patience import Patience, StoppedError
from schemas import ALL_TOPICS, DEAD_LETTERS, RAW, VIDEOS, DeadLetter, Video
from tests.processor.failing import Failing
from tests.processor.records import NOON, a_context, a_raw, an_item, as_read
from tests.video_index.contract import a_video
from video_index import (
    IndexSetupError,
    IndexUnavailableError,
    Outcome,
    SearchRequest,
    Stored,
    VideoIndex,
    Write,
    WriteResult,
)
from video_index.embedded import EmbeddedIndex


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VideoIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        index.ensure()
        yield index


def impatient(stop: Event | None = None) -> Patience:
    """Tries again at once."""
    stop = stop or Event()
    return Patience(stop, wait=lambda _: stop.is_set())


def read(log: EventLog, topic: str) -> list[Record]:
    reader = log.reader([topic])
    try:
        return reader.read_to_end()
    finally:
        reader.close()


def batch_of(*new: NewRecord) -> list[Record]:
    return [as_read(each, offset) for offset, each in enumerate(new)]


def test_new_videos_go_to_the_index_and_to_the_feed(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())

    report = batches.process(batch_of(a_raw(an_item("a"), key="a"), a_raw(an_item("b"), key="b")))

    assert (report.records, report.written, report.unusable) == (2, 2, 0)
    assert index.search(SearchRequest()).total == 2
    assert [record.key for record in read(log, VIDEOS.name)] == ["a", "b"]
    fed = Video.model_validate_json(read(log, VIDEOS.name)[0].value or b"")
    [stored] = index.get(["a"])
    assert stored is not None
    assert stored.video == fed


def test_a_video_seen_twice_in_a_batch_is_written_once(log: EventLog, index: VideoIndex) -> None:
    later = NOON + timedelta(minutes=1)
    batches = BatchProcessor(log, index, impatient())

    report = batches.process(
        batch_of(a_raw(an_item("a", "old")), a_raw(an_item("a", "new"), a_context("dogs-2", later)))
    )

    assert report.written == 1
    [stored] = index.get(["a"])
    assert stored is not None
    assert (stored.video.title, stored.video.subjects) == ("new", ("cats-1", "dogs-2"))


def test_a_repeated_sighting_costs_no_write(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())
    batches.process(batch_of(a_raw(an_item("a"))))
    [before] = index.get(["a"])

    report = batches.process(batch_of(a_raw(an_item("a"), a_context(fetched_at=NOON + timedelta(hours=1)))))

    assert report.written == 0
    assert index.get(["a"]) == [before]
    assert len(read(log, VIDEOS.name)) == 1


def test_poison_goes_to_the_dead_letters_and_holds_nothing_up(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient(), clock=lambda: NOON)
    poison = a_raw(b"\x00 not json", key="poison")

    report = batches.process(batch_of(a_raw(an_item("a")), poison, a_raw(an_item("b"))))

    assert (report.written, report.unusable) == (2, 1)
    [letter] = read(log, DEAD_LETTERS.name)
    assert (letter.key, letter.value) == ("poison", poison.value)
    about = DeadLetter.from_headers(letter.headers)
    assert (about.source_topic, about.source_partition, about.source_offset) == (poison.topic, 0, 1)
    assert "JSON" in about.reason
    assert about.failed_at == NOON


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(a_raw(an_item("odd", publishedAt="0001-01-01T00:00:00+01:00")), id="a time before the year 1"),
        pytest.param(
            NewRecord(RAW.name, "odd", orjson.dumps(an_item("odd")), (("subject", None), ("ce_time", None))),  # type: ignore[arg-type]
            id="headers without a value, as other writers on Kafka may send",
        ),
    ],
)
def test_what_other_programs_write_holds_nothing_up(log: EventLog, index: VideoIndex, odd: NewRecord) -> None:
    batches = BatchProcessor(log, index, impatient())

    report = batches.process(batch_of(a_raw(an_item("a")), odd))

    assert (report.written, report.unusable) == (1, 1)
    assert [letter.key for letter in read(log, DEAD_LETTERS.name)] == [odd.key]


def test_poison_that_is_too_large_is_buried_without_its_value(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())
    huge = a_raw(b"x" * 1_000_000, key="huge")

    report = batches.process(batch_of(huge, a_raw(b"small", key="small")))

    assert report.unusable == 2
    letters = {letter.key: letter for letter in read(log, DEAD_LETTERS.name)}
    assert (letters["huge"].value, letters["small"].value) == (None, b"small")
    assert DeadLetter.from_headers(letters["huge"].headers).source_offset == 0


def test_what_the_index_rejects_goes_to_the_dead_letters(log: EventLog, index: VideoIndex) -> None:
    class Rejecting(Failing):
        def write(self, writes: Sequence[Write]) -> list[WriteResult]:
            good = [write for write in writes if write.video_id != "bad"]
            results = iter(index.write(good))
            return [
                WriteResult(Outcome.REJECTED, "too odd") if write.video_id == "bad" else next(results)
                for write in writes
            ]

    rejecting = Rejecting(index, [], lambda _: None, ValueError)
    batches = BatchProcessor(log, rejecting, impatient())  # type: ignore[arg-type]

    report = batches.process(batch_of(a_raw(an_item("bad"), key="bad"), a_raw(an_item("good"), key="good")))

    assert report.written == 1
    [letter] = read(log, DEAD_LETTERS.name)
    assert letter.key == "bad"
    assert "too odd" in DeadLetter.from_headers(letter.headers).reason


def test_a_document_that_another_worker_changed_meanwhile_is_merged_again(log: EventLog, index: VideoIndex) -> None:
    class Overtaken(Failing):
        def get(self, video_ids: Sequence[str]) -> list[Stored | None]:
            before = index.get(video_ids)
            if self.calls == 0:
                self.calls += 1
                index.write([Write(a_video("a", "A title", subjects=("other",), first_seen_at=NOON), None)])
            return before

    batches = BatchProcessor(log, Overtaken(index, [], lambda _: None, ValueError), impatient())  # type: ignore[arg-type]

    batches.process(batch_of(a_raw(an_item("a"))))

    [stored] = index.get(["a"])
    assert stored is not None
    assert stored.video.subjects == ("cats-1", "other")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("side", "method", "error"),
    [
        ("index", "get", IndexUnavailableError("away")),
        ("index", "write", IndexUnavailableError("overloaded")),
        ("index", "write", IndexSetupError("no such mapping")),
        ("index", "write", RuntimeError("a defect")),
        ("index", "get", RuntimeError("a defect")),
        ("log", "append", LogUnavailableError("away")),
        ("log", "append", RuntimeError("a defect")),
    ],
)
def test_a_failure_in_any_step_holds_the_batch_and_loses_nothing(
    log: EventLog, index: VideoIndex, *, side: str, method: str, error: Exception, when: str
) -> None:
    records = batch_of(*(a_raw(an_item(f"v{n}"), key=f"v{n}") for n in range(5)), a_raw(b"poison", key="p"))
    failing = Failing(
        index if side == "index" else log, [method], lambda call: when if call <= 3 else None, lambda: error
    )
    batches = BatchProcessor(
        failing if side == "log" else log,  # type: ignore[arg-type]
        failing if side == "index" else index,  # type: ignore[arg-type]
        impatient(),
    )

    batches.process(records)

    assert failing.calls > 3
    assert index.search(SearchRequest()).total == 5
    assert {record.key for record in read(log, VIDEOS.name)} == {f"v{n}" for n in range(5)}
    assert {record.key for record in read(log, DEAD_LETTERS.name)} == {"p"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.sampled_from([None, "before", "after"]), max_size=12))
def test_whatever_fails_in_whatever_order_nothing_is_lost_or_doubled(
    tmp_path_factory: pytest.TempPathFactory, plan: list[str | None]
) -> None:
    directory = tmp_path_factory.mktemp("batch")
    fails = iter(plan)

    def next_failure(_: int) -> str | None:
        return next(fails, None)

    with EmbeddedLog(directory / "log.sqlite") as log, EmbeddedIndex(directory / "index") as index:
        log.create_topics(ALL_TOPICS)
        batches = BatchProcessor(
            Failing(log, ["append"], next_failure, lambda: LogUnavailableError("away")),  # type: ignore[arg-type]
            Failing(index, ["get", "write"], next_failure, lambda: IndexUnavailableError("away")),  # type: ignore[arg-type]
            impatient(),
        )
        batches.process(
            batch_of(*(a_raw(an_item(f"v{n % 4}", f"title {n}")) for n in range(8)), a_raw(b"?", key="p"))
        )

        assert index.search(SearchRequest()).total == 4
        assert {stored and stored.video.title for stored in index.get([f"v{n}" for n in range(4)])} == {
            f"title {n}" for n in range(4, 8)
        }
        assert {record.key for record in read(log, VIDEOS.name)} == {f"v{n}" for n in range(4)}
        assert {record.key for record in read(log, DEAD_LETTERS.name)} == {"p"}


def test_a_stop_while_the_index_is_away_leaves_the_batch_undone(log: EventLog, index: VideoIndex) -> None:
    stop = Event()

    def fail_and_stop(_: int) -> str:
        stop.set()
        return "before"

    away = Failing(index, ["get"], fail_and_stop, lambda: IndexUnavailableError("away"))

    with pytest.raises(StoppedError):
        BatchProcessor(log, away, impatient(stop)).process(batch_of(a_raw(an_item("a"))))  # type: ignore[arg-type]

    assert index.search(SearchRequest()).total == 0
