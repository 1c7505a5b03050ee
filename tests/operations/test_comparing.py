from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from operations.comparing import are_same, corrections, differing
from schemas import Video
from tests.video_index.contract import NOON, a_video


def source(video: Video) -> dict[str, object]:
    return video.model_dump(mode="json")


LATER = NOON + timedelta(hours=1)
OLD, NEW = source(a_video("a")), source(a_video("a", "Another title", updated_at=LATER))


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(0, 2)), st.data())
def test_all_that_differs_is_found_and_nothing_else(one, data):
    other = data.draw(st.dictionaries(st.text("abc", max_size=3), st.integers(0, 2)))

    def scan(titles):
        return iter([(key, source(a_video(key, str(titles[key])))) for key in sorted(titles)])

    found = list(differing(scan(one), scan(other)))

    assert found == [(key, key not in one) for key in sorted({*one, *other}) if one.get(key) != other.get(key)]


def test_a_field_that_was_not_written_yet_is_at_its_default():
    earlier = {name: value for name, value in OLD.items() if name != "details"}

    assert are_same(earlier, OLD)
    assert not are_same(earlier, NEW)
    assert not are_same(None, OLD)


def test_what_the_log_lacks_is_taken_from_the_index():
    assert corrections({"a": OLD}, {}) == {"a": a_video("a")}


def test_what_only_the_log_has_stays():
    assert corrections({}, {"a": OLD}) == {}


def test_what_is_newer_on_the_log_stays_and_otherwise_the_index_is_right():
    assert corrections({"a": OLD}, {"a": NEW}) == {}
    assert corrections({"a": NEW}, {"a": OLD}) == {"a": Video.model_validate(NEW)}
    same_age = source(a_video("a", "Another title"))
    assert corrections({"a": OLD}, {"a": same_age}) == {"a": a_video("a")}
    assert corrections({"a": OLD}, {"a": OLD}) == {}


def test_an_index_that_returns_becomes_what_the_one_in_use_is():
    assert corrections({"a": OLD}, {"a": NEW, "b": OLD}, returning=True) == {"a": a_video("a"), "b": None}
