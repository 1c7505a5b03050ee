"""Channels followed through their uploads, on a real log."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from event_log.embedded import EmbeddedLog
from producer.errors import UnavailableError
from producer.http import httpx
from producer.outage import Outage
from producer.publisher import Publisher
from producer.uploads import Uploads
from schemas import ALL_TOPICS, LOOKUPS, ChannelProgress, Subject, format_utc
from tests.producer import youtube_errors
from tests.producer.crashes import Crash, Points, WatchedLog
from tests.producer.model_search import START
from tests.producer.scripted import KEYS, read_all
from tests.producer.test_searcher import Bench

CHANNEL = "UC" + "a" * 22
OTHER = "UC" + "b" * 22
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RESET = START + DAY


def an_upload(video: str, published: datetime, title: str = "tea") -> dict[str, object]:
    return {
        "kind": "youtube#playlistItem",
        "snippet": {"title": title, "description": "", "videoOwnerChannelTitle": "The channel"},
        "contentDetails": {"videoId": video, "videoPublishedAt": format_utc(published)},
    }


def a_subject(query: str = "tea", *channels: str, since: datetime = START - 30 * DAY) -> Subject:
    return Subject(id=query or "all", query=query, channels=channels, since=since, followed_at=START)


class Desk(Bench):
    def __init__(self, log: EmbeddedLog) -> None:
        super().__init__(log, KEYS[0])
        self.real_log = log
        self.found: list[tuple[str, Sequence[str]]] = []
        self.restart()

    def restart(self, points: Points | None = None) -> None:
        log = self.real_log if points is None else WatchedLog(self.real_log, points)
        self.uploads = Uploads(
            client=self.client,
            caller=self.caller,
            publisher=Publisher(log, self.clock, Outage("log", lambda: 1.0)),  # type: ignore[arg-type]
            notebook=self.notebook,
            on_found=lambda subject, videos: self.found.append((subject, videos)),
        )

    def work(self, *subjects: Subject, units: int = 10_000, at: datetime = START) -> None:
        self.clock.moment = at
        while self.uploads.work(subjects, units, RESET, at):
            pass

    def published(self) -> list[tuple[str | None, str]]:
        """Video and subject."""
        records = read_all(self.real_log, LOOKUPS.name)
        return [(record.key, dict(record.headers)["subject"].decode()) for record in records]


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        desk = Desk(log)
        desk.notebook.write(ChannelProgress(id=CHANNEL, subjects={"tea": 0}, matched_at=START))
        yield desk


def test_uploads_that_fit_the_subject_are_published_as_youtube_sent_them(desk):
    sent = an_upload("a", START - HOUR, "Tea & cake")
    desk.youtube.uploads[CHANNEL] = [sent, an_upload("b", START - HOUR, "Coffee")]

    desk.work(a_subject())

    [record] = read_all(desk.real_log, LOOKUPS.name)
    assert json.loads(record.value or b"") == sent
    assert dict(record.headers)["ce_type"] == b"youtube.playlist-item"
    assert desk.published() == [("a", "tea")]
    assert desk.found == [("tea", ["a"])]
    note = desk.notebook.channels[CHANNEL]
    assert (note.title, note.subjects, note.newest_at) == ("The channel", {"tea": 1}, START - HOUR)


def test_it_is_read_again_after_a_pause_and_only_what_is_new_is_published(desk):
    desk.youtube.uploads[CHANNEL] = [an_upload("a", START - HOUR)]
    desk.work(a_subject())
    desk.work(a_subject(), at=START + timedelta(seconds=59))
    assert len(desk.youtube.looked_up) == 1

    desk.youtube.uploads[CHANNEL].insert(0, an_upload("b", START))
    desk.work(a_subject(), at=START + timedelta(seconds=60))

    assert desk.published() == [("a", "tea"), ("b", "tea")]


def test_units_last_until_the_reset(desk):
    desk.youtube.uploads[CHANNEL] = []
    for minute in range(24 * 60):
        desk.work(a_subject(), units=24 - len(desk.youtube.looked_up), at=START + timedelta(minutes=minute))

    assert 20 <= len(desk.youtube.looked_up) <= 24


def test_a_busy_channel_is_read_down_to_what_was_read_before(desk):
    desk.youtube.uploads[CHANNEL] = [an_upload("old", START - 9 * DAY)]
    desk.work(a_subject())
    new = [an_upload(f"new{n}", START - timedelta(minutes=n)) for n in range(120)]
    desk.youtube.uploads[CHANNEL] = [*new, *desk.youtube.uploads[CHANNEL]]

    desk.work(a_subject(), at=START + HOUR)

    assert len(desk.published()) == 121


def test_a_channel_that_people_added_is_read_down_to_the_since_of_its_subject(desk):
    desk.youtube.uploads[OTHER] = [an_upload(f"v{n}", START - n * HOUR, "anything") for n in range(400)]

    desk.work(a_subject("", OTHER, since=START - 300 * HOUR))

    assert {video for video, _ in desk.published()} == {f"v{n}" for n in range(301)}
    assert desk.notebook.channels[OTHER].complete_from == START - 300 * HOUR


def test_an_earlier_since_reads_further_down(desk):
    desk.youtube.uploads[OTHER] = [an_upload(f"v{n}", START - n * HOUR) for n in range(400)]
    desk.work(a_subject("", OTHER, since=START - 10 * HOUR))
    desk.work(a_subject("", OTHER, since=START - 390 * HOUR), at=START + HOUR)

    assert {video for video, _ in desk.published()} == {f"v{n}" for n in range(391)}


def test_a_second_subject_with_the_same_channel_has_its_past_too(desk):
    desk.youtube.uploads[OTHER] = [an_upload(f"v{n}", START - n * HOUR) for n in range(120)]
    subjects = [a_subject("", OTHER, since=START - 110 * HOUR), a_subject("tea", OTHER, since=START - 100 * HOUR)]
    desk.work(subjects[0])

    desk.work(*subjects, at=START + HOUR)

    assert sum(subject == "tea" for _, subject in desk.published()) == 101


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_crash_at_any_write_no_upload_is_missing(desk, when):
    desk.youtube.uploads[OTHER] = [an_upload(f"v{n}", START - n * HOUR) for n in range(200)]
    subject = a_subject("", OTHER, since=START - 400 * HOUR)
    for at in range(1, 5):
        desk.restart(Points(at, when))
        with pytest.raises(Crash):
            desk.work(subject)

    desk.restart()
    desk.work(subject)

    assert {video for video, _ in desk.published()} == {f"v{n}" for n in range(200)}


def test_a_channel_that_youtube_does_not_know_is_left_alone_for_a_day_and_holds_up_no_other(desk):
    desk.youtube.uploads[CHANNEL] = [an_upload("a", START)]
    subjects = (a_subject(), a_subject("", OTHER))

    desk.work(*subjects)
    desk.work(*subjects, at=START + HOUR)
    assert desk.published() == [("a", "tea")]
    assert len(desk.youtube.looked_up) == 3

    desk.youtube.uploads[OTHER] = [an_upload("b", START)]
    desk.work(*subjects, at=START + 25 * HOUR)
    assert ("b", "all") in desk.published()


def test_a_channel_on_which_youtube_fails_does_not_hold_up_the_others(desk):
    desk.youtube.uploads |= {CHANNEL: [], OTHER: [an_upload("b", START)]}
    subjects = (a_subject(), a_subject("", OTHER))

    def fault(request):
        return youtube_errors.backend_error() if CHANNEL[2:] in request.url.params["playlistId"] else None

    desk.youtube.unit_fault = fault
    for minute in range(0, 30, 3):
        with suppress(UnavailableError):
            desk.work(*subjects, at=START + timedelta(minutes=minute))

    assert ("b", "all") in desk.published()
    failed = sum(CHANNEL[2:] in request.url.params["playlistId"] for request in desk.youtube.looked_up)
    assert failed == 5, "it rests ever longer"


def test_a_paging_of_empty_pages_ends(desk):
    empty = {"kind": "youtube#playlistItemListResponse", "items": [], "nextPageToken": "again"}
    desk.youtube.unit_fault = lambda _: httpx.Response(200, json=empty)

    desk.work(a_subject("", OTHER))

    assert len(desk.youtube.looked_up) == 1


def test_only_added_channels_are_followed_when_the_others_are_not_wanted(desk):
    desk.youtube.uploads |= {CHANNEL: [an_upload("a", START)], OTHER: [an_upload("b", START)]}
    desk.uploads._only_added = True

    desk.work(a_subject(), a_subject("", OTHER))

    assert desk.published() == [("b", "all")]
    assert set(desk.notebook.channels) == {OTHER}


def test_without_units_nothing_is_read(desk):
    desk.youtube.uploads[CHANNEL] = [an_upload("a", START)]

    desk.work(a_subject(), units=0)

    assert not desk.youtube.looked_up


def test_channels_of_subjects_that_are_followed_no_more_are_forgotten(desk):
    desk.work(a_subject("jam"))

    assert not desk.notebook.channels


@pytest.mark.parametrize("answer", [youtube_errors.backend_error(), youtube_errors.error(404, "gone", reason="x")])
def test_why_a_channel_that_people_added_is_not_read_is_told_while_it_rests(desk, answer):
    subject = a_subject("", OTHER)
    desk.youtube.unit_fault = lambda _: answer
    with suppress(UnavailableError):
        desk.work(subject)

    told = desk.uploads.trouble(subject, START) or ""
    assert told.startswith(f"channel {OTHER}: HTTP ")
    assert "; tried again at 2026-" in told
    assert desk.uploads.trouble(subject, START + 2 * DAY) is None
    assert desk.uploads.trouble(a_subject("tea", CHANNEL), START) is None


def test_a_channel_does_not_rest_when_youtube_was_not_even_reached(desk):
    desk.youtube.uploads[OTHER] = [an_upload("b", START)]
    subject = a_subject("", OTHER)

    def unplugged(request):
        raise httpx.ConnectError("unplugged", request=request)

    desk.youtube.unit_fault = unplugged
    with pytest.raises(UnavailableError):
        desk.work(subject)
    desk.youtube.unit_fault = lambda _: None
    desk.work(subject)

    assert desk.published() == [("b", "all")]


def test_after_a_restart_uploads_that_were_counted_are_not_counted_again(desk):
    desk.youtube.uploads[OTHER] = [an_upload("b", START - HOUR), an_upload("a", START - 2 * HOUR)]
    subject = a_subject("", OTHER)
    desk.work(subject)
    desk.youtube.uploads[OTHER].insert(0, an_upload("c", START))
    desk.restart()
    desk.work(subject, at=START + HOUR)

    assert desk.notebook.channels[OTHER].subjects == {"all": 3}
    assert len(desk.published()) == 5, "published again: which the processor knows is another matter"
