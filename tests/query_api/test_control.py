from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from event_log import EventLog, LogUnavailableError, NewRecord
from event_log.embedded import EmbeddedLog
from key_vault import InvalidKeyError, KeyVault
from query_api.control import Control
from schemas import CONTROL, POLL_STATE, KeyHealth, SubjectError, utc_now
from tests.query_api.service import KEY
from tests.video_index.contract import NOON


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """A log in which no topic has been made yet."""
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        yield log


def control_on(log: EventLog, directory: Path) -> Control:
    return Control(log, KeyVault.open(directory), None)


def test_the_first_change_makes_the_topic(log: EventLog, tmp_path: Path) -> None:
    control = control_on(log, tmp_path)
    assert control.subjects() == []

    subject, is_new = control.follow("cats", NOON)

    assert is_new
    assert control.subjects() == [subject]


def test_what_one_process_changes_another_sees(log: EventLog, tmp_path: Path) -> None:
    here, there = control_on(log, tmp_path), control_on(log, tmp_path)
    subject, _ = here.follow("cats", NOON)

    assert there.follow("cats", NOON) == (subject, False)
    assert there.unfollow(subject.id)
    assert not here.unfollow(subject.id)
    assert here.subjects() == []


def test_a_service_that_starts_again_knows_everything(log: EventLog, tmp_path: Path) -> None:
    before = control_on(log, tmp_path)
    subject, _ = before.follow("cats", NOON)
    key, _ = before.add_key(KEY, None)

    after = control_on(log, tmp_path)

    assert after.subjects() == [subject]
    assert after.add_key(KEY, None) == (key, False)


def test_a_key_that_youtube_refused_gets_another_chance_when_it_is_added_again(log: EventLog, tmp_path: Path) -> None:
    control = control_on(log, tmp_path)
    first, _ = control.add_key(KEY, "mine")
    health = KeyHealth(id=first.id, retired_at=utc_now() + timedelta(seconds=2), retired_reason="API not enabled")
    log.create_topics([POLL_STATE])
    log.append([NewRecord(POLL_STATE.name, health.key, health.to_json())])

    again, is_new = control.add_key(KEY, None)

    assert not is_new
    assert health.refuses(first)
    assert not health.refuses(again)
    assert again.model_copy(update={"check_asked_at": None}) == first


def test_subjects_stand_in_the_order_they_were_followed_in(log: EventLog, tmp_path: Path) -> None:
    control = control_on(log, tmp_path)
    for query in ("b", "a", "c"):
        control.follow(query, NOON)
    control.follow("c", NOON - timedelta(days=1))

    times = [subject.followed_at for subject in control.subjects()]

    assert times == sorted(times)
    assert {subject.query for subject in control.subjects()} == {"a", "b", "c"}


def test_what_cannot_be_is_refused_before_the_log_is_asked(log: EventLog, tmp_path: Path) -> None:
    control = control_on(log, tmp_path)
    log.close()

    with pytest.raises(SubjectError):
        control.follow(" ", None)
    with pytest.raises(InvalidKeyError):
        control.add_key("short", None)


def test_a_log_that_is_away_is_told(log: EventLog, tmp_path: Path) -> None:
    control = control_on(log, tmp_path)
    log.close()

    with pytest.raises(LogUnavailableError):
        control.follow("cats", None)
    assert control.subjects() == []


def test_only_the_control_topic_is_written(log: EventLog, tmp_path: Path) -> None:
    control_on(log, tmp_path).follow("cats", NOON)

    reader = log.reader([CONTROL.name])
    assert [record.key for record in reader.read_to_end()] == [control_on(log, tmp_path).subjects()[0].key]
    reader.close()
