from hypothesis import given
from hypothesis import strategies as st

from operations.alert_places import OffsetCounts

offsets = st.lists(st.integers(0, 30), unique=True).map(sorted)


@given(offsets, st.integers(0, 35), st.integers(0, 100))
def test_behind_the_place_are_the_same_records_as_before(records, position, start):
    places = OffsetCounts([{0: position}])

    for offset in records:
        places.passed(0, offset)

    brought = {start + number: offset for number, offset in enumerate(records)}
    new = places.on_new_log({0: position}, {0: start})[0]
    assert [brought[each] for each in sorted(brought) if each >= new] == [
        each for each in records if each >= position
    ]


def test_every_partition_and_every_alert_has_places_of_its_own():
    places = OffsetCounts([{0: 5, 1: 2}, {0: 1}])

    for partition, offset in ((0, 0), (1, 1), (0, 3), (1, 2), (0, 9)):
        places.passed(partition, offset)

    assert places.on_new_log({0: 5, 1: 2}, {0: 10, 1: 20}) == {0: 12, 1: 21}
    assert places.on_new_log({0: 1}, {}) == {0: 1}
    assert places.counts == {0: 3, 1: 2}
