import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from event_log import LogUnavailableError, NewRecord
from producer.caller import Caller
from producer.errors import NoCallLeftError, UnavailableError, UnusableAnswersError
from producer.http import HttpClient, httpx
from producer.outage import Outage
from producer.poller import Poller, PollReport
from producer.polls import Kind, Poll
from producer.publisher import Publisher
from producer.quota import Limits
from producer.searcher import Searcher
from producer.state import Control, Notebook
from producer.youtube import YouTubeClient
from schemas import RAW, RawContext, Subject, SubjectProgress, Window
from tests.producer import youtube_errors
from tests.producer.crashes import FailingLog
from tests.producer.model_search import START, ModelSearch, ModelVideo, videos_at
from tests.producer.scripted import KEYS, URL, World, read_all
from tests.producer.service.tea import a_world

HOUR = timedelta(hours=1)
TEA = Subject(id="tea", query="tea", since=START, followed_at=START)
MINUTE = timedelta(minutes=1)


def at(second: float):
    return START + timedelta(seconds=second)


class Desk:
    """A poller on a world's log and YouTube; an hour has passed since START."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log = world.log()
        self.writes_fail_of: str | None = None
        log = FailingLog(self.log, self._is_away)
        world.add_key(KEYS[0])
        self.notebook, control = Notebook(log), Control(log)  # type: ignore[arg-type]
        control.refresh()
        searcher = Searcher(
            client=YouTubeClient(HttpClient(httpx.MockTransport(world.youtube)), URL),
            caller=Caller(
                vault=world.vault, control=control, notebook=self.notebook, limits=Limits(), clock=world.clock
            ),
            outage=Outage("youtube", lambda: 1.0),
        )
        publisher = Publisher(log, world.clock, Outage("log", lambda: 1.0))  # type: ignore[arg-type]
        self._poller = Poller(publisher, searcher, self.notebook, world.clock)

    def _is_away(self, call: str, records: Sequence[NewRecord]) -> bool:
        return self.writes_fail_of in {record.key for record in records}

    def poll(
        self,
        start: float = 0,
        end: float = 3600,
        *,
        kind: Kind = Kind.LIVE,
        confirm: bool = False,
        needed_from: float | None = None,
        deep_from: float | None = None,
        most_pages: int | None = None,
        most_searches: int | None = None,
    ) -> PollReport:
        needed, deep = (None if second is None else at(second) for second in (needed_from, deep_from))
        window = Window(start=at(start), end=at(end))
        return self._poller.poll(Poll(TEA, window, kind, confirm, needed, deep, most_pages, most_searches))

    def covered(self) -> list[tuple[float, float]]:
        progress = self.notebook.progress.get("tea")
        return [
            ((window.start - START).total_seconds(), (window.end - START).total_seconds())
            for window in (progress.covered if progress else ())
        ]

    def know(self, *spans: tuple[float, float], **fields: object) -> None:
        covered = tuple(Window(start=at(start), end=at(end)) for start, end in spans)
        self.notebook.write(SubjectProgress(id="tea", covered=covered, **fields))  # type: ignore[arg-type]


@pytest.fixture
def videos() -> list[ModelVideo]:
    return videos_at(*range(0, 2900, 10))


@pytest.fixture
def desk(tmp_path, videos) -> Iterator[Desk]:
    desk = Desk(a_world(tmp_path, *videos))
    yield desk
    desk.log.close()


def test_a_poll_publishes_all_pages_of_its_window_and_notes_it_complete(desk):
    report = desk.poll()

    assert report == PollReport(pages=6, items=290, covered=Window(start=START, end=START + HOUR))
    assert len(desk.world.published()) == 290
    assert desk.covered() == [(0, 3600)]


def test_a_record_says_where_it_comes_from(desk):
    desk.poll()

    records = read_all(desk.log, RAW.name)
    contexts = [RawContext.from_headers(record.headers) for record in records]
    assert {(each.subject, each.source) for each in contexts} == {("tea", URL)}
    assert {(each.window_from, each.window_to) for each in contexts} == {(START, START + HOUR)}
    assert [each.page for each in contexts[::50]] == [1, 2, 3, 4, 5, 6]
    assert len({each.event_id for each in contexts}) == 290
    assert contexts[0].fetched_at == START + HOUR + timedelta(seconds=1)
    assert json.loads(records[0].value or b"") == desk.world.youtube.models["tea"].videos[-1].to_item()


def test_the_cursor_of_the_kind_of_poll_is_when_it_began(desk):
    desk.know((0, 100), last_poll_at=START)
    desk.poll(kind=Kind.GAP)

    progress = desk.notebook.progress["tea"]
    assert (progress.last_poll_at, progress.last_gap_poll_at) == (START, START + HOUR)
    assert progress.found == 290


def test_what_was_complete_before_and_lies_outside_stays_so(desk):
    desk.know((0, 500), (700, 800))
    desk.poll(1000)

    assert desk.covered() == [(0, 500), (700, 800), (1000, 3600)]


def test_windows_that_touch_become_one(desk):
    desk.know((0, 999))
    desk.poll(1000)

    assert desk.covered() == [(0, 3600)]


def test_after_every_page_what_is_complete_is_noted(desk):
    """So that little is repeated when the next call never comes back."""
    desk.world.youtube.fault = lambda _: youtube_errors.day_quota() if len(desk.world.youtube.requests) > 2 else None

    with pytest.raises(NoCallLeftError):
        desk.poll()

    # Videos 2890 ... 1900 were seen; the last five are not relied on.
    assert desk.covered() == [(1941, 3600)]
    assert desk.notebook.progress["tea"].last_poll_at == START + HOUR


def test_an_overlap_that_was_complete_counts_as_a_gap_again_until_it_was_searched_again(desk):
    """Late videos are why it is searched again: skipping the rest of it would lose them."""
    desk.know((0, 3300))
    desk.world.youtube.fault = lambda _: youtube_errors.day_quota() if len(desk.world.youtube.requests) > 1 else None

    with pytest.raises(NoCallLeftError):
        desk.poll(1000)

    assert desk.covered() == [(0, 999), (2441, 3600)]


def test_a_poll_that_fails_on_its_first_page_notes_nothing(desk):
    desk.world.youtube.fault = lambda _: youtube_errors.backend_error()

    with pytest.raises(UnavailableError):
        desk.poll()

    assert desk.notebook.progress == {}


def test_the_500_result_end_narrows_and_the_rest_is_left(tmp_path):
    world = a_world(tmp_path, *videos_at(*range(0, 3600, 5)), cap=500)
    desk = Desk(world)

    report = desk.poll()

    assert report.covered.end == START + HOUR
    assert report.covered.start > START
    [(start, end)] = desk.covered()
    assert (at(start), at(end)) == (report.covered.start, report.covered.end)
    assert {v.id for v in world.youtube.models["tea"].videos if v.published_at >= report.covered.start} <= (
        world.published()
    )


def test_a_refused_token_narrows_too(desk):
    desk.world.youtube.fault = lambda request: (
        youtube_errors.invalid_token() if "pageToken" in request.url.params else None
    )

    report = desk.poll()

    assert (report.pages, report.items) == (1, 50)
    assert desk.covered()[0][1] == 3600


def test_results_that_do_not_fit_are_published_and_nothing_is_complete(desk, caplog):
    strangers = [ModelVideo(f"x{n}", START + timedelta(days=3)).to_item() for n in range(50)]
    desk.world.youtube.fault = lambda _: httpx.Response(200, json={"items": strangers, "nextPageToken": "2"})

    with pytest.raises(UnusableAnswersError):
        desk.poll()

    assert desk.covered() == []
    assert len(desk.world.published()) == 50


def test_an_empty_window_is_complete_and_where_nobody_looks_again_only_when_empty_twice(tmp_path):
    desk = Desk(a_world(tmp_path))

    assert desk.poll().pages == 1
    assert desk.poll(confirm=True).pages == 2


def test_a_first_page_from_before_the_window_has_to_be_confirmed_just_so(tmp_path):
    desk = Desk(a_world(tmp_path))
    older = [ModelVideo(f"x{n}", START - timedelta(days=3)).to_item() for n in range(50)]
    desk.world.youtube.fault = lambda _: httpx.Response(200, json={"items": older, "nextPageToken": "2"})

    assert desk.poll().pages == 1
    assert desk.poll(confirm=True).pages == 2


def test_results_are_durable_before_what_counts_them(desk):
    desk.writes_fail_of = "subject/tea"
    with pytest.raises(LogUnavailableError):
        desk.poll()

    assert len(desk.world.published()) == 50
    assert desk.covered() == []


def test_what_was_noted_in_the_future_is_cut_off(desk):
    desk.know((0, 90_000))
    desk.poll(3000)

    assert desk.covered() == [(0, 3600)]


def test_of_what_is_not_needed_no_page_is_asked_for_and_it_stays_complete(desk):
    desk.know((0, 3000))

    report = desk.poll(500, needed_from=3001)

    assert (report.pages, report.items) == (1, 50)
    assert report.covered.start == at(2441)
    assert desk.covered() == [(0, 3600)]


def test_a_poll_is_a_deep_one_when_it_came_back_so_far(desk):
    desk.know((0, 3000))

    desk.poll(500, needed_from=3001, deep_from=2000)
    assert desk.notebook.progress["tea"].last_deep_poll_at is None

    desk.poll(500, needed_from=3001, deep_from=2441)
    assert desk.notebook.progress["tea"].last_deep_poll_at == START + HOUR + timedelta(seconds=1)


def test_it_is_too_when_what_is_left_of_it_is_a_gap_that_will_be_searched(desk):
    desk.know((0, 3000))

    desk.poll(500, needed_from=500, deep_from=500, most_pages=2)

    assert desk.covered() == [(0, 499), (1941, 3600)]
    assert desk.notebook.progress["tea"].last_deep_poll_at == START + HOUR


def test_it_makes_no_search_more_than_it_may_whatever_comes_of_it(desk):
    desk.world.youtube.models["tea"] = ModelSearch(videos_at(*range(0, 3600, 20)), order=lambda video: video.id)

    with pytest.raises(UnusableAnswersError, match="kept"):
        desk.poll(most_searches=1)

    assert desk.world.youtube.models["tea"].searches == 1
    assert desk.covered() == []


def test_with_results_in_order_it_ends_there_with_what_it_has(desk):
    desk.world.youtube.models["tea"] = ModelSearch(videos_at(*range(0, 3600, 20)))

    desk.poll(most_searches=2)

    assert desk.world.youtube.models["tea"].searches == 2
    assert desk.covered() == [(1681, 3600)]


def test_how_late_a_video_turned_up_is_how_old_it_was_when_last_looked_for(desk):
    desk.poll()
    desk.world.clock.advance(24 * 3600)
    model = desk.world.youtube.models["tea"]
    desk.world.youtube.models["tea"] = replace(model, videos=[*model.videos, *videos_at(3000, prefix="late")])

    desk.poll(end=4000)

    assert desk.notebook.progress["tea"].lateness_s == 600
    assert desk.notebook.progress["tea"].new == 291
