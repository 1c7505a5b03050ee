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
from schemas import ALL_TOPICS, DEAD_LETTERS, RAW, VIDEOS, DeadLetter, LookupKind, Video
from tests.processor.failing import Failing
from tests.processor.records import (
    NOON,
    a_context,
    a_lookup,
    a_raw,
    a_video_item,
    an_item,
    an_upload_item,
    as_read,
)
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
from waiting import Patience, StoppedError


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


def a_sighting(video_id: str = "a", minute: int = 0, subject: str = "cats-1") -> NewRecord:
    return a_raw(an_item(video_id), a_context(subject, NOON + timedelta(minutes=minute)), key=video_id)


def a_refresh(video_id: str = "a", minute: int = 0, description: str = "A description") -> NewRecord:
    item = a_video_item(video_id, description=description)
    return a_lookup(LookupKind.VIDEO, item, video_id, NOON + timedelta(minutes=minute))


def an_upload(video_id: str = "a", minute: int = 0) -> NewRecord:
    at = NOON + timedelta(minutes=minute)
    return a_lookup(LookupKind.UPLOAD, an_upload_item(video_id), video_id, at, "dogs-2")


def an_end(video_id: str = "a", minute: int = 0) -> NewRecord:
    return a_lookup(LookupKind.GONE, None, video_id, NOON + timedelta(minutes=minute))


def test_a_lookup_completes_and_refreshes_what_was_found(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())
    batches.process(batch_of(a_sighting("a")))

    report = batches.process(batch_of(a_refresh("a", minute=1)))

    assert report.written == 1
    [stored] = index.get(["a"])
    assert stored is not None
    assert stored.video.details is not None
    assert stored.video.details.duration_s == 253
    assert (stored.video.subjects, stored.video.refreshed_at) == (("cats-1",), NOON + timedelta(minutes=1))
    assert [Video.model_validate_json(record.value or b"") for record in read(log, VIDEOS.name)][-1] == stored.video


def test_a_lookup_of_what_nobody_found_makes_nothing(log: EventLog, index: VideoIndex) -> None:
    report = BatchProcessor(log, index, impatient()).process(batch_of(a_refresh("a"), an_end("b")))

    assert (report.written, report.removed, report.unusable) == (0, 0, 0)
    assert index.get(["a", "b"]) == [None, None]
    assert read(log, VIDEOS.name) == []


def test_an_upload_is_found_for_its_subject(log: EventLog, index: VideoIndex) -> None:
    BatchProcessor(log, index, impatient()).process(batch_of(a_sighting("a"), an_upload("a"), an_upload("b")))

    subjects = [stored and stored.video.subjects for stored in index.get(["a", "b"])]
    assert subjects == [("cats-1", "dogs-2"), ("dogs-2",)]


def test_an_upload_that_nobody_may_see_is_passed_over(log: EventLog, index: VideoIndex) -> None:
    item = an_upload_item("private", "Private video")
    del item["contentDetails"]["videoPublishedAt"]
    private = a_lookup(LookupKind.UPLOAD, item, "private", subject="cats-1")

    report = BatchProcessor(log, index, impatient()).process(batch_of(private, a_sighting("a")))

    assert (report.written, report.silent, report.unusable) == (1, 1, 0)
    assert read(log, DEAD_LETTERS.name) == []


def test_a_video_that_is_gone_leaves_the_index_and_a_tombstone(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())
    batches.process(batch_of(a_sighting("a"), a_sighting("b")))

    report = batches.process(batch_of(an_end("a", minute=1)))

    assert (report.written, report.removed) == (0, 1)
    assert [stored and stored.video.video_id for stored in index.get(["a", "b"])] == [None, "b"]
    assert [(record.key, record.value) for record in read(log, VIDEOS.name)][-1] == ("a", None)


def test_a_video_that_was_seen_since_it_was_gone_stays(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())
    batches.process(batch_of(a_sighting("a", minute=5)))

    report = batches.process(batch_of(an_end("a", minute=1)))

    assert report.removed == 0
    assert len(read(log, VIDEOS.name)) == 1


@pytest.mark.parametrize("backwards", [False, True])
def test_records_of_one_video_count_in_the_order_of_youtubes_answers(
    log: EventLog, index: VideoIndex, *, backwards: bool
) -> None:
    story = [a_sighting(minute=0, subject="old"), an_end(minute=1), a_sighting(minute=2), a_refresh(minute=3)]

    report = BatchProcessor(log, index, impatient()).process(batch_of(*(reversed(story) if backwards else story)))

    assert (report.written, report.removed) == (1, 0)
    [stored] = index.get(["a"])
    assert stored is not None
    assert (stored.video.subjects, stored.video.details is not None) == (("cats-1",), True)


def test_searches_and_lookups_in_turn_write_lookups_only(log: EventLog, index: VideoIndex) -> None:
    batches = BatchProcessor(log, index, impatient())
    story = "A story.\n\nWith much more to tell " * 20
    cut = " ".join(story[:150].split()) + " ..."
    batches.process(batch_of(a_raw(an_item("a", description=cut))))

    written = [
        batches.process(batch_of(record)).written
        for minute in range(1, 9, 2)
        for record in (
            a_refresh("a", minute, description=story),
            a_raw(an_item("a", description=cut), a_context(fetched_at=NOON + timedelta(minutes=minute + 1))),
        )
    ]

    assert written == [1, 0] * 4


def test_a_document_that_is_larger_than_the_log_takes_holds_nothing_up(log: EventLog, index: VideoIndex) -> None:
    huge = a_raw(an_item("huge", description="d" * 1_100_000), key="huge")
    batches = BatchProcessor(log, index, impatient())

    report = batches.process(batch_of(huge, a_sighting("a")))

    assert report.written == 1
    [letter] = read(log, DEAD_LETTERS.name)
    assert letter.key == "huge"
    assert "the log rejects the document" in DeadLetter.from_headers(letter.headers).reason
    assert [stored is not None for stored in index.get(["huge", "a"])] == [False, True]


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
        pytest.param(
            a_raw(orjson.dumps(an_item("odd")).replace(b'"width":120', b'"width":1' + b"0" * 400), key="odd"),
            id="a number that no index takes",
        ),
        pytest.param(
            a_raw(orjson.dumps(an_item("odd")).replace(b'"width":120', b'"width":Infinity'), key="odd"),
            id="a number that is none",
        ),
    ],
)
def test_what_other_programs_write_holds_nothing_up(log: EventLog, index: VideoIndex, odd: NewRecord) -> None:
    batches = BatchProcessor(log, index, impatient())

    report = batches.process(batch_of(a_raw(an_item("a")), odd))

    assert (report.written, report.unusable) == (1, 1)
    assert [letter.key for letter in read(log, DEAD_LETTERS.name)] == [odd.key]


def test_a_record_on_which_its_reader_fails_is_a_defect_that_holds_nothing_up(
    log: EventLog, index: VideoIndex, caplog: pytest.LogCaptureFixture
) -> None:
    batches = BatchProcessor(log, index, impatient())
    # More digits than Python reads as a number.
    poison = a_raw(an_item("poison", title=f"&#{'9' * 5_000};"), key="poison")

    report = batches.process(batch_of(a_raw(an_item("a")), poison))

    assert (report.written, report.unusable) == (1, 1)
    [letter] = read(log, DEAD_LETTERS.name)
    assert letter.key == "poison"
    assert "defect" in DeadLetter.from_headers(letter.headers).reason
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["record_unreadable"]


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


def test_a_video_that_another_worker_saw_meanwhile_stays_in_the_feed_too(log: EventLog, index: VideoIndex) -> None:
    class Overtaken(Failing):
        def get(self, video_ids: Sequence[str]) -> list[Stored | None]:
            before = index.get(video_ids)
            if self.calls == 0:
                self.calls += 1
                BatchProcessor(log, index, impatient()).process(batch_of(a_refresh("a", minute=5)))
            return before

    BatchProcessor(log, index, impatient()).process(batch_of(a_sighting("a")))
    batches = BatchProcessor(log, Overtaken(index, [], lambda _: None, ValueError), impatient())  # type: ignore[arg-type]

    report = batches.process(batch_of(an_end("a", minute=1)))

    assert report.removed == 0
    [stored] = index.get(["a"])
    assert stored is not None
    assert read(log, VIDEOS.name)[-1].value == stored.video.to_json()


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
        batches.process(batch_of(a_sighting("gone"), a_refresh("gone")))
        batches.process(batch_of(an_end("gone", minute=1)))

        assert index.search(SearchRequest()).total == 4
        assert {stored and stored.video.title for stored in index.get([f"v{n}" for n in range(4)])} == {
            f"title {n}" for n in range(4, 8)
        }
        feed = {record.key: record.value for record in read(log, VIDEOS.name)}
        assert {key for key, value in feed.items() if value is not None} == {f"v{n}" for n in range(4)}
        assert feed["gone"] is None
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
