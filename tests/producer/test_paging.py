"""Single decisions first, then what they add up to against a model of YouTube."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producer.answers import FoundItem, SearchPage
from producer.errors import PageTokenError
from producer.paging import Abandoned, Complete, Decision, Enough, Narrowed, NextPage, Pass, Retry
from producer.windows import gaps
from schemas import Window
from tests.producer.model_search import GLITCHES, START, ModelSearch, ModelVideo, videos_at

WINDOW = Window(start=START, end=START + timedelta(seconds=10_000))


def at(second: int):
    return START + timedelta(seconds=second)


def page_of(*seconds: int, token: str | None = None, prefix: str = "v") -> SearchPage:
    """A page of videos published that many seconds into the window; the same second is the same video."""
    return SearchPage(tuple(FoundItem(b"{}", f"{prefix}{second}", at(second)) for second in seconds), token)


def newest_first(newest: int, count: int = 50) -> range:
    return range(newest, newest - count, -1)


def after(*pages: SearchPage, **options) -> Decision:
    """The decision after these pages; every one but the last has to lead to the next."""
    current = Pass(WINDOW, **options)
    for number, page in enumerate(pages, start=1):
        current, decision = current.after(page)
        assert number == len(pages) or decision == NextPage(page.next_token)
    return decision


def test_a_short_page_that_names_no_next_one_completes_the_window():
    assert after(page_of(9, 8, 7)) == Complete()


def test_a_token_leads_to_the_next_page():
    assert after(page_of(*newest_first(9000), token="CDIQAA")) == NextPage("CDIQAA")


def test_a_short_page_in_the_middle_is_followed_too():
    assert after(page_of(9, 8, token="CDIQAA")) == NextPage("CDIQAA")


def test_after_several_pages_the_last_one_completes_the_window():
    assert after(page_of(*newest_first(900), token="2"), page_of(*newest_first(850, 20))) == Complete()


def test_results_out_of_order_do_no_harm_when_paging_comes_to_its_end():
    assert after(page_of(*newest_first(800), token="2"), page_of(999, 3, 500)) == Complete()


@pytest.mark.parametrize("last", [page_of(), page_of(token="9")], ids=["no token", "a token"])
def test_an_empty_page_after_others_narrows_to_what_is_older_than_all_but_the_last_results(last):
    decision = after(page_of(*newest_first(9000), token="2"), last)

    # 9000 ... 8951 were seen; 8955 is the fifth from the end.
    assert decision == Narrowed(Window(start=at(8956), end=WINDOW.end), "a page was empty")


def test_a_full_page_that_names_no_next_one_has_lost_its_token():
    assert isinstance(after(page_of(*newest_first(9000, 46))), Narrowed)


def test_a_page_that_repeats_a_result_narrows():
    decision = after(page_of(*newest_first(9000), token="2"), page_of(8951, 8950, 8949, 8948, 8947, token="3"))

    assert decision == Narrowed(Window(start=at(8952), end=WINDOW.end), "a page repeated results")


def test_a_refused_token_narrows():
    current, _ = Pass(WINDOW).after(page_of(*newest_first(9000), token="2"))

    assert current.after_refused_token() == Narrowed(
        Window(start=at(8956), end=WINDOW.end), "the page token was refused"
    )


def test_after_results_out_of_order_nothing_counts_and_the_newer_half_is_asked_for():
    decision = after(
        page_of(*newest_first(5000), token="2"), page_of(9000, *newest_first(4000, 9), token="3"), page_of()
    )

    assert isinstance(decision, Retry)
    # Of 60 results, 30 are older than second 4972.
    assert decision.next_pass.window == Window(start=at(4973), end=WINDOW.end)


def test_one_result_out_of_order_at_the_very_end_is_not_relied_on():
    outlier = page_of(*newest_first(9000, 49), 17)

    decision = after(outlier)

    assert isinstance(decision, Narrowed)
    assert decision.covered.start > at(8951)


@pytest.mark.parametrize("strays", [(20_000,), (-500,), (20_000, -500)], ids=["newer", "older", "both"])
def test_results_from_outside_the_window_take_the_place_of_others(strays: tuple[int, ...]):
    strange = page_of(*newest_first(9000, 20), *strays, *newest_first(8980, 30), token="2")

    decision = after(strange)

    assert isinstance(decision, Narrowed)
    assert decision.covered == Window(start=at(8956), end=WINDOW.end)


def test_results_of_the_window_after_older_ones_show_that_some_were_displaced():
    first = page_of(*newest_first(9000, 48), -500, -501, token="2")

    decision = after(first, page_of(*newest_first(8950), token="3"))

    # 9000 ... 8953 were seen, 8952 and 8951 were pushed out
    assert isinstance(decision, Narrowed)
    assert decision.covered == Window(start=at(8958), end=WINDOW.end)


def test_nothing_but_strays_is_as_good_as_an_empty_page():
    assert after(page_of(*newest_first(9000), token="2"), page_of(-500, 20_000)) == after(
        page_of(*newest_first(9000), token="2"), page_of()
    )
    assert after(page_of(-500)) == Complete()


def test_a_page_from_before_the_window_ends_it():
    assert after(page_of(*newest_first(30), token="2"), page_of(*newest_first(-100), token="3")) == Complete()


def test_a_page_from_before_the_window_ends_nothing_when_order_was_broken():
    decision = after(page_of(5, 9, token="2"), page_of(*newest_first(-100), token="3"))

    assert decision == NextPage("3")


def test_when_youtube_ignores_the_end_of_the_window_it_is_left_for_later():
    beyond = page_of(*newest_first(60_000), token="2")

    assert isinstance(after(beyond), Retry)
    assert isinstance(after(beyond, attempt=3), Abandoned)


def test_an_empty_window_is_complete():
    assert after(page_of()) == Complete()


def test_where_nobody_looks_again_an_empty_window_has_to_be_empty_twice():
    first = after(page_of(), confirm_empty=True)

    assert isinstance(first, Retry)
    assert first.next_pass.after(page_of())[1] == Complete()


def test_an_empty_first_page_that_names_a_next_one_is_asked_for_again_and_then_followed():
    decision = after(page_of(token="2"))

    assert isinstance(decision, Retry)
    assert decision.next_pass.window == WINDOW
    assert after(page_of(token="2"), attempt=3) == NextPage("2")


def test_more_results_in_one_second_than_youtube_shows_are_given_up_for_that_second_only():
    pages = [
        SearchPage(tuple(FoundItem(b"{}", f"{page}-{n}", WINDOW.end) for n in range(50)), str(page))
        for page in range(10)
    ]

    decision = after(*pages, page_of())

    assert isinstance(decision, Narrowed)
    assert decision.covered == Window(start=WINDOW.end, end=WINDOW.end)
    assert decision.problem == "a page was empty after 500 results of one second"


def test_when_all_that_is_needed_was_seen_no_further_page_is_asked_for():
    page = page_of(*newest_first(9000), token="2")

    # 9000 ... 8951 were seen; the last five are not relied on.
    assert after(page, needed_from=at(8956)) == Enough(Window(start=at(8956), end=WINDOW.end))
    assert after(page, needed_from=at(8955)) == NextPage("2")
    assert after(page, page_of(*newest_first(8950), token="3"), needed_from=at(8955)) == Enough(
        Window(start=at(8906), end=WINDOW.end)
    )


def test_what_is_needed_is_not_taken_for_seen_when_results_are_out_of_order():
    page = page_of(5, *newest_first(9000, 49), token="2")

    assert after(page, needed_from=WINDOW.end) == NextPage("2")


def test_a_further_attempt_needs_the_same():
    decision = after(page_of(token="2"), needed_from=at(9000))

    assert isinstance(decision, Retry)
    assert decision.next_pass.needed_from == at(9000)


def test_a_paging_that_never_ends_is_ended():
    pages = [page_of(*newest_first(9000 - 50 * n), token=str(n)) for n in range(20)]

    assert isinstance(after(*pages), Narrowed)


class Run:
    """What the schedule makes of the decisions: the newest gap again and again, until none is left."""

    def __init__(self, model: ModelSearch, window: Window = WINDOW) -> None:
        self.published: set[str] = set()
        self.covered: list[Window] = []
        self._model = model
        while left := gaps(window, self.covered):
            self.covered.append(self._poll(left[0]))

    def _poll(self, window: Window) -> Window:
        current, token = Pass(window, confirm_empty=True), None
        while True:
            current, decision = self._ask(current, token)
            match decision:
                case NextPage():
                    token = decision.token
                case Retry():
                    assert _length(decision.next_pass.window) < _length(current.window) or (
                        decision.next_pass.attempt > current.attempt
                    )
                    current, token = decision.next_pass, None
                case Narrowed():
                    assert decision.covered.end == current.window.end
                    return decision.covered
                case Complete():
                    return current.window
                case Abandoned():
                    raise AssertionError(decision.reason)

    def _ask(self, current: Pass, token: str | None) -> tuple[Pass, Decision]:
        try:
            page = self._model.search(current.window, token)
        except PageTokenError:
            return current, current.after_refused_token()
        self.published |= {item.video_id for item in page.items if item.video_id}
        return current.after(page)


def _length(window: Window) -> timedelta:
    return window.end - window.start


def ids(videos: Sequence[ModelVideo]) -> set[str]:
    return {video.id for video in videos}


seconds = st.integers(0, 10_000)
# Hypothesis alone draws short lists; what is looked for here happens when there are many.
scattered = st.builds(
    lambda count, rng: rng.sample(range(10_001), count), st.integers(0, 600), st.randoms(use_true_random=False)
)


@st.composite
def crowds(draw) -> list[ModelVideo]:
    """Videos of which many are of the same second, but no more than the model shows."""
    counts = draw(st.dictionaries(seconds, st.integers(1, 99), max_size=8))
    return videos_at(*(second for second, count in counts.items() for _ in range(count)))


@settings(deadline=None, max_examples=30)
@given(crowds() | scattered.map(lambda chosen: videos_at(*chosen)), st.sampled_from([100, 150, 500]))
def test_every_video_is_published_whatever_the_cap(videos, cap):
    model = ModelSearch(videos, cap=cap)

    assert Run(model).published == ids(videos)


@settings(deadline=None, max_examples=60)
@given(
    scattered.map(lambda chosen: videos_at(*chosen)),
    st.sampled_from([100, 500]),
    st.floats(0, 0.6),
    st.floats(0, 0.3),
    st.randoms(use_true_random=False),
)
def test_every_video_is_published_whatever_goes_wrong_with_pages_and_tokens(videos, cap, glitches, refusals, rng):
    strangers = [ModelVideo(f"stranger{n}", at(second)) for n, second in enumerate((-9, 70_000, -5))]
    model = ModelSearch(
        videos,
        cap=cap,
        strangers=strangers,
        glitches=GLITCHES,
        glitch_rate=glitches,
        token_refusals=refusals,
        rng=rng,
    )

    run = Run(model)

    assert run.published - ids(strangers) == ids(videos)
    assert model.searches <= 10 + len(videos) / 4


@settings(deadline=None, max_examples=30)
@given(scattered, st.sampled_from([100, 500]), st.integers())
def test_every_video_is_published_when_youtube_ignores_the_order(chosen, cap, seed):
    videos = videos_at(*chosen)
    places = dict(
        zip((video.id for video in videos), random.Random(seed).sample(range(1000), len(videos)), strict=True)
    )
    model = ModelSearch(videos, cap=cap, order=lambda video: places[video.id])

    run = Run(model)

    assert run.published == ids(videos)
    assert model.searches <= 10 + len(videos) / 4


@settings(deadline=None, max_examples=30)
@given(scattered, st.randoms(use_true_random=False))
def test_every_video_is_published_when_results_change_places_with_their_neighbours(chosen, rng):
    videos = videos_at(*chosen)
    moved = {video.id: video.published_at + timedelta(seconds=rng.randint(-60, 60)) for video in videos}
    model = ModelSearch(videos, cap=100, order=lambda video: -moved[video.id].timestamp())

    assert Run(model).published == ids(videos)


def test_a_window_far_beyond_the_cap_costs_little_more_than_its_pages():
    videos = videos_at(*range(6_000))
    model = ModelSearch(videos)

    run = Run(model)

    assert run.published == ids(videos)
    assert model.searches <= 1.15 * len(videos) / 50


def test_a_second_with_more_videos_than_youtube_shows_ends_all_the_same():
    videos = videos_at(*[5000] * 900, *range(3000, 3400))
    model = ModelSearch(videos)

    run = Run(model)

    assert len(run.published) == 500 + 400
    assert model.searches < 60
