"""The product's producer against the emulator: it reads every page and recognises every refusal."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from producer.answers import SearchPage, read_page
from producer.errors import (
    BurstError,
    DayQuotaError,
    KeyRefusedError,
    PageTokenError,
    RequestRefusedError,
    SearchError,
    UnavailableError,
)
from producer.matching import Matcher
from producer.paging import Abandoned, Complete, Narrowed, NextPage, Pass, Retry
from producer.refusals import refusal
from producer.youtube import SearchRequest
from schemas import Window
from tests.pipeline.catalogue import real_catalogue
from tests.youtube_emulator.setting import NOON, Service, serving, video, videos
from youtube_emulator.catalogue import read_catalogue
from youtube_emulator.faults import FaultRates
from youtube_emulator.matching import matches, parse_question
from youtube_emulator.quota import Limits
from youtube_emulator.video import text_of

USED_UP = Limits(searches_per_day=0, units_per_day=0)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def search(service: Service, window: Window, token: str | None = None) -> SearchPage:
    """One page, as the producer asks for it and reads it. Raises SearchError."""
    answer = service.get("search", **SearchRequest("tea", window, token).to_params())
    if answer.status_code != 200:
        raise refusal(answer.status_code, answer.content)
    return read_page(answer.content)


def search_all(service: Service, window: Window) -> set[str]:
    """The ids that the producer finds in the window, as its own paging leads it."""
    found: set[str] = set()
    left: list[Window] = [window]
    while left:
        current, token = Pass(left.pop(), confirm_empty=True), None
        decision: object = NextPage("")
        while isinstance(decision, NextPage):
            try:
                page = search(service, current.window, token)
            except PageTokenError:
                decision = current.after_refused_token()
            else:
                found |= {item.video_id for item in page.items if item.video_id}
                current, decision = current.after(page)
            token = decision.token if isinstance(decision, NextPage) else None
            if isinstance(decision, Retry):
                if decision.next_pass.window.start > current.window.start:
                    left.append(Window(start=current.window.start, end=decision.next_pass.window.start))
                current, decision = decision.next_pass, NextPage("")
        assert not isinstance(decision, Abandoned)
        if isinstance(decision, Narrowed) and decision.covered.start > current.window.start:
            left.append(Window(start=current.window.start, end=decision.covered.start))
        else:
            assert isinstance(decision, Complete | Narrowed)
    return found


@pytest.mark.parametrize("rates", [FaultRates(), FaultRates(wrong_pages=0.15), FaultRates(refused_tokens=0.3)])
def test_the_producer_finds_all_videos_of_a_window(rates: FaultRates):
    # given more videos than YouTube shows of one window, some of them before and after it
    service = serving(videos(1300), rates=rates)
    window = Window(start=moment(NOON - 1250), end=moment(NOON - 20))

    # when
    found = search_all(service, window)

    # then
    assert found >= {f"video-{number:05}" for number in range(20, 1251)}


def test_a_page_is_read_with_escaped_titles_and_items_that_are_no_videos():
    service = serving([video(1, title="Tea & cake")])
    answer = service.get("search", part="snippet", q="tea")

    page = read_page(answer.content)

    assert [item.video_id for item in page.items] == ["video-00001", None, None]
    assert b"Tea &amp; cake" in page.items[0].value
    assert page.items[0].published_at == moment(NOON - 1)


Ask = Callable[[], tuple[int, bytes]]


def asked(method: str = "search", service: Service | None = None, **params: object) -> tuple[int, bytes]:
    answer = (service or serving(videos(3))).get(method, **({"part": "snippet", "id": "x"} | params))
    return answer.status_code, answer.content


ROWS: dict[str, tuple[Ask, int, type[SearchError]]] = {
    "searches of the day": (
        lambda: asked(id=None, service=serving([], limits=USED_UP)),
        429,
        DayQuotaError,
    ),
    "searches of the minute": (
        lambda: asked(id=None, service=serving([], limits=Limits(searches_per_minute=0))),
        429,
        BurstError,
    ),
    "units of the day": (lambda: asked("videos", serving([], limits=USED_UP)), 403, DayQuotaError),
    "no key": (lambda: asked(id=None, key=None), 403, KeyRefusedError),
    "bad key": (lambda: asked(id=None, key="invalid-1"), 400, KeyRefusedError),
    "bad key, of old": (lambda: asked(id=None, key="keyinvalid-1"), 400, KeyRefusedError),
    "units of the day, of old": (lambda: asked("videos", key="dailylimit-1"), 403, DayQuotaError),
    "disabled API": (lambda: asked(id=None, key="disabled-1"), 403, KeyRefusedError),
    "restricted key": (lambda: asked(id=None, key="blocked-1"), 403, KeyRefusedError),
    "wrong parameter": (lambda: asked(id=None, maxResults=51), 400, RequestRefusedError),
    "unknown parameter": (lambda: asked(id=None, foo=1), 400, RequestRefusedError),
    "missing parameter": (lambda: asked(id=None, part=None), 400, RequestRefusedError),
    "wrong filter": (lambda: asked(id=None, eventType="live"), 400, RequestRefusedError),
    "wrong page token": (lambda: asked(id=None, pageToken="x"), 400, PageTokenError),
    "no such playlist": (lambda: asked("playlistItems", id=None, playlistId="PL"), 404, RequestRefusedError),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_producer_recognises_every_row_of_the_table_of_errors(row: str):
    ask, status, expected = ROWS[row]

    answered, body = ask()
    error = refusal(answered, body)

    assert answered == status
    assert type(error) is expected, error


def test_the_producer_is_told_which_parameter_is_wrong():
    for params in ({"maxResults": 51}, {"foo": 1}, {"part": None}):
        error = refusal(*asked(id=None, **params))

        assert isinstance(error, RequestRefusedError)
        assert error.parameter == next(iter(params))


def test_the_producer_takes_server_errors_as_passing():
    service = serving(videos(1), rates=FaultRates(errors=1.0))
    for _ in range(40):
        error = refusal(*asked(id=None, service=service))

        assert isinstance(error, UnavailableError)
        assert error.sent


QUERIES = (
    "france", "football -psg", '"bande annonce"', "humour|comédie", "la|le", "noël", "recette|cuisine",
    "clip officiel", '"équipe de france"|psg', '-"bande annonce" film|série', "bande -annonce", "-video",
)  # fmt: skip


def test_the_producer_decides_itself_as_the_search_does_but_for_english_endings():
    listed = read_catalogue(real_catalogue()).videos
    agreed = 0
    for query in QUERIES:
        matcher, question = Matcher.of(query), parse_question(query)
        fit = {
            each.id
            for each in listed
            if matcher.matches(each.title, each.description, each.channel_title, *each.tags)
        }
        found = {each.id for each in listed if matches(question, text_of(each))}
        agreed += len(listed) - len(fit ^ found)
        # With endings apart a word is found more often, and one that is excluded excludes more.
        assert found <= fit or "-" in query, query

    assert agreed / (len(QUERIES) * len(listed)) > 0.98
