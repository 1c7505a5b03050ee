from datetime import datetime, timedelta
from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from processor.events import Event, Gone, LookedUp, Sighting
from processor.merge import after, merge, refresh
from schemas import Video, VideoDetails
from tests.video_index.contract import NOON, a_video
from youtube_emulator.items import cut, thumbnails

WHOLE = "A story that begins like this.\n\nAnd goes on for much longer than a search shows. " * 9


def a_sighting(title: str = "A title", subject: str = "a", second: int = 0) -> Video:
    moment = NOON + timedelta(seconds=second)
    return a_video("vid", title, subjects=(subject,), first_seen_at=moment, updated_at=moment, refreshed_at=moment)


sightings = st.builds(
    a_sighting,
    title=st.sampled_from(["one", "two", "three"]),
    subject=st.sampled_from("abc"),
    second=st.integers(0, 5),
)


def test_the_first_sighting_is_the_document() -> None:
    seen = a_sighting()

    assert merge(None, seen) is seen


def test_a_sighting_that_changes_nothing_gives_the_known_document_itself() -> None:
    known = a_sighting(second=0)

    assert merge(known, a_sighting(second=5)) is known


def test_subjects_are_united_and_sorted() -> None:
    merged = merge(a_sighting(subject="b"), a_sighting(subject="a", second=3))

    assert merged.subjects == ("a", "b")


def test_the_newest_text_wins_whatever_comes_last() -> None:
    old, new = a_sighting("old", second=1), a_sighting("new", second=2)

    assert merge(old, new).title == "new"
    assert merge(new, old).title == "new"


def test_of_two_sightings_in_one_second_the_later_record_wins() -> None:
    assert merge(a_sighting("first"), a_sighting("second")).title == "second"


def test_the_earliest_first_sighting_is_kept() -> None:
    assert merge(a_sighting(second=5), a_sighting(second=2)).first_seen_at == NOON + timedelta(seconds=2)


def test_details_outlive_a_sighting_without_them() -> None:
    details = VideoDetails(duration_s=10)
    known = a_sighting().model_copy(update={"details": details})

    assert merge(known, a_sighting("new title", second=9)).details == details


@given(st.lists(sightings, min_size=1, max_size=8))
def test_records_in_order_give_all_subjects_the_first_sighting_and_the_newest_text(seen: list[Video]) -> None:
    in_order = sorted(seen, key=lambda video: video.updated_at)

    document = reduce(merge, in_order[1:], in_order[0])

    assert document.subjects == tuple(sorted({subject for video in seen for subject in video.subjects}))
    assert document.first_seen_at == in_order[0].first_seen_at
    assert document.title == in_order[-1].title


@given(st.lists(sightings, min_size=1, max_size=8), st.data())
def test_records_read_again_after_a_crash_change_nothing_in_the_end(seen: list[Video], data: st.DataObject) -> None:
    in_order = sorted(seen, key=lambda video: video.updated_at)
    crashed_at = data.draw(st.integers(0, len(in_order)))
    resumed_from = data.draw(st.integers(0, crashed_at))

    once = reduce(merge, in_order[1:], in_order[0])
    known: Video | None = None
    for video in [*in_order[:crashed_at], *in_order[resumed_from:]]:
        known = merge(known, video)

    assert known is not None
    assert (known.title, known.subjects, known.first_seen_at) == (once.title, once.subjects, once.first_seen_at)


@given(st.lists(sightings, min_size=1, max_size=8))
def test_a_repeated_document_is_recognised(seen: list[Video]) -> None:
    document = reduce(merge, seen[1:], seen[0])

    assert merge(document, document) is document


def at(second: int) -> datetime:
    return NOON + timedelta(seconds=second)


def found(second: int, subject: str = "a", **fields: object) -> Video:
    """As a search tells it: the description cut, some thumbnails."""
    text = {"description": cut(WHOLE), "thumbnails": thumbnails("vid")}
    times = dict.fromkeys(("first_seen_at", "updated_at", "refreshed_at"), at(second))
    return a_video("vid", **{"subjects": (subject,), **text, **times, **fields})  # type: ignore[arg-type]


def uploaded(second: int, subject: str = "a", **fields: object) -> Video:
    """As a list of uploads tells it: all of the text."""
    whole = {"description": WHOLE, "thumbnails": thumbnails("vid", larger=True)}
    return found(second, subject, **{**whole, **fields})


def looked_up(second: int, views: int = 1, **fields: object) -> Video:
    details = VideoDetails(view_count=views)
    return uploaded(second).model_copy(update={"subjects": (), "details": details, **fields})


class TestSearchesBesideFullerAnswers:
    """A sighting that tells less replaces nothing and costs no write, however often they alternate."""

    def test_a_search_after_a_lookup_changes_nothing(self) -> None:
        known = refresh(found(0), looked_up(1))

        assert merge(known, found(2)) is known

    def test_a_search_after_an_upload_changes_nothing(self) -> None:
        known = merge(found(0), uploaded(1))

        assert known.description == WHOLE
        assert merge(known, found(2)) is known

    def test_an_upload_after_a_lookup_changes_nothing(self) -> None:
        known = refresh(found(0), looked_up(1))

        assert merge(known, uploaded(2)) is known

    def test_another_subject_is_added_and_the_fuller_text_stays(self) -> None:
        known = refresh(found(0), looked_up(1))

        document = merge(known, found(2, "b"))

        assert document.subjects == ("a", "b")
        assert (document.description, document.thumbnails) == (known.description, known.thumbnails)

    def test_a_new_title_replaces_the_title_alone(self) -> None:
        document = merge(refresh(found(0), looked_up(1)), found(2, title="New"))

        assert (document.title, document.description, document.updated_at) == ("New", WHOLE, at(2))

    def test_a_new_description_replaces_a_fuller_one(self) -> None:
        new = cut("Rewritten. " + WHOLE)

        assert merge(refresh(found(0), looked_up(1)), found(2, description=new)).description == new

    def test_a_new_description_that_is_late_replaces_nothing(self) -> None:
        known = refresh(found(0), looked_up(5))

        assert merge(known, found(2, description="An old one")) is known

    def test_white_space_in_a_title_is_no_change(self) -> None:
        known = refresh(found(0), looked_up(1, title="Two  words"))

        assert merge(known, found(2, title="Two words")) is known

    def test_an_upload_does_not_tell_whether_a_video_is_live(self) -> None:
        known = found(0, live_broadcast_content="live")

        document = merge(known, uploaded(1), tells_live=False)

        assert (document.description, document.live_broadcast_content) == (WHOLE, "live")
        assert merge(document, uploaded(2), tells_live=False) is document

    def test_a_fuller_answer_that_is_late_still_adds_what_it_knows(self) -> None:
        document = merge(found(5), uploaded(1))

        assert (document.description, document.first_seen_at) == (WHOLE, at(1))


class TestLookups:
    def test_a_lookup_fills_in_details_and_keeps_what_only_sightings_tell(self) -> None:
        document = refresh(found(0, "b"), looked_up(9, views=7))

        assert document.details == VideoDetails(view_count=7)
        assert (document.subjects, document.first_seen_at) == (("b",), at(0))
        assert (document.refreshed_at, document.updated_at) == (at(9), at(9))

    def test_a_lookup_that_finds_all_as_it_was_still_refreshes(self) -> None:
        known = refresh(found(0), looked_up(1))

        assert refresh(known, looked_up(2)).refreshed_at == at(2)

    def test_the_same_lookup_again_changes_nothing(self) -> None:
        known = refresh(found(0), looked_up(1))

        assert refresh(known, looked_up(1)) is known

    def test_an_older_lookup_changes_nothing(self) -> None:
        known = refresh(found(0), looked_up(5, views=5))

        assert refresh(known, looked_up(1, views=1)) is known

    def test_a_lookup_is_whole_so_a_shorter_description_counts(self) -> None:
        known = refresh(found(0), looked_up(1))

        assert refresh(known, looked_up(2, description="A story ...")).description == "A story ..."

    def test_a_lookup_that_is_late_keeps_the_newer_title(self) -> None:
        document = refresh(found(5, title="New"), looked_up(1))

        assert (document.title, document.description) == ("New", WHOLE)
        assert document.refreshed_at == at(1), "the details are as old as that"

    def test_once_there_are_details_only_a_lookup_moves_the_time_of_refresh(self) -> None:
        known = refresh(found(0), looked_up(1))

        assert merge(known, found(9, "b", title="New")).refreshed_at == at(1)

    def test_without_details_a_sighting_that_tells_all_moves_it(self) -> None:
        assert merge(found(0), found(9, title="New")).refreshed_at == at(9)

    def test_a_sighting_that_leaves_older_text_does_not_move_it(self) -> None:
        assert merge(uploaded(0), found(9, title="New")).refreshed_at == at(0)

    def test_a_video_that_nobody_found_is_not_made_by_a_lookup(self) -> None:
        assert after(None, [LookedUp(looked_up(1))]) is None


class TestGone:
    def test_a_video_that_is_gone_is_no_document(self) -> None:
        assert after(found(0), [Gone("vid", at(1))]) is None

    def test_nothing_known_stays_nothing(self) -> None:
        assert after(None, [Gone("vid", at(1))]) is None

    def test_what_was_seen_since_stays(self) -> None:
        for known in (found(2), refresh(found(0), looked_up(2)), merge(found(0), found(2, title="New"))):
            assert after(known, [Gone("vid", at(1))]) is known

    def test_what_is_found_again_is_a_new_document(self) -> None:
        again = found(3, "b")

        assert after(found(0, "a"), [Gone("vid", at(1)), Sighting(again)]) == again

    def test_of_a_subject_that_is_followed_no_more_it_goes_unless_another_found_it(self) -> None:
        assert after(found(0, "a"), [Gone("vid", at(1), "a")]) is None
        for known in (found(0, subjects=("a", "b")), found(0, "b")):
            assert after(known, [Gone("vid", at(1), "a")]) is known

    def test_in_whatever_order_the_other_subject_and_the_end_of_this_one_are_told(self) -> None:
        other, gone = Sighting(found(1, "b")), Gone("vid", at(2), "a")

        in_order, reversed_ = after(found(0, "a"), [other, gone]), after(found(0, "a"), [gone, other])

        assert in_order is not None
        assert reversed_ is not None
        assert (in_order.subjects, reversed_.subjects) == (("a", "b"), ("b",))


unchanged_events = st.one_of(
    st.builds(lambda second, subject: Sighting(found(second, subject)), st.integers(0, 9), st.sampled_from("abc")),
    st.builds(
        lambda second, subject: Sighting(uploaded(second, subject), tells_live=False),
        st.integers(0, 9),
        st.sampled_from("abc"),
    ),
    st.builds(lambda second: LookedUp(looked_up(second, views=second)), st.integers(0, 9)),
)
"""Of a video whose text YouTube never changed."""

TITLES = st.sampled_from(["one", "two"])
changing_events = st.one_of(
    unchanged_events,
    st.builds(lambda second, title: Sighting(found(second, title=title)), st.integers(0, 9), TITLES),
    st.builds(lambda second, title: LookedUp(looked_up(second, second, title=title)), st.integers(0, 9), TITLES),
)


def told(document: Video | None) -> dict[str, object]:
    """All of a document but the time of its text, which an answer that was not written does not move."""
    assert document is not None
    return document.model_dump(exclude={"updated_at"})


@given(st.lists(unchanged_events, max_size=4))
def test_any_order_of_the_same_sightings_and_lookups_gives_the_same_document(events: list[Event]) -> None:
    first = found(5, "z")
    lookups = [event.video for event in events if isinstance(event, LookedUp)]

    documents = [told(after(first, order)) for order in permutations(events)]

    if lookups:
        assert all(document == documents[0] for document in documents)
        assert documents[0]["refreshed_at"] == max(video.refreshed_at for video in lookups)
    else:
        # Which of the repeats was written, and so refreshed the document, is left to the order.
        assert all(
            document | {"refreshed_at": None} == documents[0] | {"refreshed_at": None} for document in documents
        )


@given(st.lists(changing_events, max_size=8), st.randoms())
def test_whatever_the_order_no_subject_is_lost_and_the_newest_details_and_first_sighting_stay(
    events: list[Event], random: object
) -> None:
    random.shuffle(events)  # type: ignore[attr-defined]
    first = found(5, "z")
    sightings = [first, *(event.video for event in events if isinstance(event, Sighting))]
    lookups = [event.video for event in events if isinstance(event, LookedUp)]

    document = after(first, events)

    assert document is not None
    assert document.subjects == tuple(sorted({subject for video in sightings for subject in video.subjects}))
    assert document.first_seen_at == min(video.first_seen_at for video in sightings)
    if lookups:
        newest = max(video.refreshed_at for video in lookups)
        assert document.refreshed_at == newest
        assert document.details == VideoDetails(view_count=int((newest - NOON).total_seconds()))


@given(st.lists(changing_events, max_size=8))
def test_events_in_the_order_of_their_times_give_the_newest_title(events: list[Event]) -> None:
    in_order = sorted(events, key=lambda event: event.fetched_at)
    first = found(0, "z")

    document = after(first, in_order)

    assert document is not None
    titles = [event.video.title for event in in_order if not isinstance(event, Gone)]
    assert document.title == (titles[-1] if titles else first.title)


@given(st.lists(changing_events, max_size=8), st.data())
def test_events_read_again_after_a_crash_come_to_the_same(events: list[Event], data: st.DataObject) -> None:
    in_order = sorted(events, key=lambda event: event.fetched_at)
    crashed_at = data.draw(st.integers(0, len(in_order)))
    first = found(0, "z")

    once = after(first, in_order)
    again = after(after(first, in_order[:crashed_at]), in_order)

    assert told(again) | {"refreshed_at": None} == told(once) | {"refreshed_at": None}


@given(st.lists(unchanged_events, min_size=1, max_size=8))
def test_the_same_events_once_more_cost_no_write(events: list[Event]) -> None:
    in_order = sorted(events, key=lambda event: event.fetched_at)
    document = after(found(0), in_order)

    assert after(document, in_order) is document
