from datetime import timedelta

from producer.answers import FoundItem
from producer.channels import MOST_CHANNELS, ChannelTally, followed, newly_followed
from schemas import ChannelProgress, Subject
from tests.producer.model_search import START

NOW = START + timedelta(days=60)


def a_subject(name: str, *channels: str) -> Subject:
    return Subject(id=name, query=name, channels=channels, since=START, followed_at=START)


def found(video: str, channel: str | None) -> FoundItem:
    return FoundItem(b"", video, START, channel)


def test_a_channel_counts_once_it_published_two_videos_on_a_subject():
    tally = ChannelTally()

    assert not tally.count("tea", [found("a", "UC1"), found("a", "UC1"), found("b", "UC2"), found("c", None)])
    assert tally.count("tea", [found("d", "UC1")]) == {("UC1", "tea")}
    assert not tally.count("jam", [found("d", "UC1")])


def test_it_is_followed_for_every_subject_it_publishes_on():
    notes = {"UC1": ChannelProgress(id="UC1", subjects={"tea": 5})}

    changed = newly_followed({("UC1", "jam"), ("UC1", "tea"), ("UC2", "tea")}, notes, NOW)

    assert {note.id: note.subjects for note in changed} == {"UC1": {"tea": 5, "jam": 0}, "UC2": {"tea": 0}}


def test_there_is_an_end_to_the_channels_that_are_followed():
    notes = {f"UC{n}": ChannelProgress(id=f"UC{n}") for n in range(MOST_CHANNELS)}

    assert not newly_followed({("UCnew", "tea")}, notes, NOW)
    assert newly_followed({("UC1", "tea")}, notes, NOW)


def test_channels_that_people_added_are_followed_for_their_subject_whatever_they_publish():
    quiet = ChannelProgress(id="UC1", subjects={"tea": 1}, matched_at=NOW - timedelta(days=46))
    busy = ChannelProgress(id="UC2", subjects={"tea": 1, "gone": 3}, matched_at=NOW - timedelta(days=44))
    tea, jam = a_subject("tea"), a_subject("jam", "UC3")

    wanted = followed({"UC1": quiet, "UC2": busy}, [tea, jam], NOW)

    assert wanted == {"UC3": [jam], "UC2": [tea]}
    assert followed({"UC1": quiet}, [a_subject("tea", "UC1")], NOW) == {"UC1": [a_subject("tea", "UC1")]}


def test_a_channel_that_was_added_and_seen_elsewhere_is_followed_for_both_in_the_order_of_the_subjects():
    tea, jam, ink = a_subject("tea"), a_subject("jam", "UC1"), a_subject("ink")
    note = ChannelProgress(id="UC1", subjects={"ink": 1, "tea": 2, "jam": 1}, matched_at=NOW)

    assert followed({"UC1": note}, [tea, jam, ink], NOW) == {"UC1": [tea, jam, ink]}


def test_a_channel_of_subjects_that_are_followed_no_more_is_left():
    assert not followed({"UC2": ChannelProgress(id="UC2", subjects={"gone": 3}, matched_at=NOW)}, [], NOW)
