from datetime import timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from processor.merge import merge
from schemas import Video, VideoDetails
from tests.video_index.contract import NOON, a_video


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
