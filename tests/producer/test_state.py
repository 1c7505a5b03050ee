from collections.abc import Iterator

import pytest

from event_log import EventLog, LogError, LogUnavailableError, NewRecord
from event_log.embedded import EmbeddedLog
from producer.state import Control, Notebook
from schemas import ALL_TOPICS, CONTROL, POLL_STATE, KeyHealth, ProjectQuota, Subject, SubjectProgress
from tests.producer.crashes import FailingLog
from tests.producer.model_search import START
from tests.producer.scripted import KEYS, VAULT, read_all

TEA = Subject(id="tea", query="tea", since=START, followed_at=START)
KEY = VAULT.seal(KEYS[0], source="api", added_at=START)
PROGRESS = SubjectProgress(id="tea", found=3)
QUOTA = ProjectQuota(id="p", day=START.date(), searches=7)
HEALTH = KeyHealth(id=KEY.id, retired_at=START)


@pytest.fixture
def log(tmp_path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


def a_notebook(log: EventLog) -> Notebook:
    notebook = Notebook(log)
    notebook.refresh()
    return notebook


def the_control(log: EventLog) -> Control:
    control = Control(log)
    control.refresh()
    return control


def test_what_was_written_is_shown_at_once_and_after_a_restart(log):
    notebook = a_notebook(log)
    for note in (PROGRESS, QUOTA, HEALTH):
        notebook.write(note)

    for each in (notebook, a_notebook(log)):
        assert each.progress == {"tea": PROGRESS}
        assert each.quotas == {"p": QUOTA}
        assert each.health == {KEY.id: HEALTH}


def test_the_newest_note_counts(log):
    notebook = a_notebook(log)
    notebook.write(QUOTA)
    notebook.write(QUOTA.model_copy(update={"searches": 8}))

    assert a_notebook(log).quotas["p"].searches == 8


def test_what_was_forgotten_is_gone_for_good(log):
    notebook = a_notebook(log)
    for note in (PROGRESS, QUOTA, HEALTH):
        notebook.write(note)
    notebook.forget(PROGRESS)
    notebook.forget(HEALTH)

    for each in (notebook, a_notebook(log)):
        assert (each.progress, each.health) == ({}, {})
        assert each.quotas == {"p": QUOTA}


def test_a_note_that_the_log_did_not_confirm_is_not_shown_until_the_log_tells(log):
    away = FailingLog(log, lambda call, _: call == "append")
    notebook = a_notebook(away)

    with pytest.raises(LogUnavailableError):
        notebook.write(QUOTA)

    assert notebook.quotas == {}
    log.append([NewRecord(POLL_STATE.name, QUOTA.key, QUOTA.to_json())])
    notebook.refresh()
    assert notebook.quotas == {"p": QUOTA}


def test_control_is_what_people_wrote_meanwhile(log):
    control = the_control(log)
    log.append([NewRecord(CONTROL.name, each.key, each.to_json()) for each in (TEA, KEY)])
    assert control.subjects == {}

    control.refresh()
    assert (control.subjects, control.keys) == ({"tea": TEA}, {KEY.id: KEY})

    log.append([NewRecord(CONTROL.name, TEA.key, None)])
    control.refresh()
    assert control.subjects == {}


def test_control_records_of_the_settings_are_durable_when_written(log):
    control = the_control(log)
    control.write(TEA)
    control.write(KEY)
    control.remove(KEY)

    assert the_control(log).subjects == {"tea": TEA}
    assert the_control(log).keys == {}


POISON = {
    "no JSON": b"\x00",
    "another shape": b'{"id": "tea"}',
    "a list": b"[]",
    "half a character": b'{"id": "\\ud800"}',
    "a time beyond the calendar": TEA.to_json().replace(b"2026-03-01T00:00:00Z", b"9999-12-31T23:59:59-23:00"),
    "another subject's": TEA.model_copy(update={"id": "jam"}).to_json(),
}


@pytest.mark.parametrize("value", POISON.values(), ids=POISON)
def test_a_record_that_cannot_be_read_is_named_and_hides_no_other(log, caplog, value):
    log.append([NewRecord(CONTROL.name, TEA.key, value), NewRecord(CONTROL.name, KEY.key, KEY.to_json())])

    control = the_control(log)

    assert control.subjects == {}
    assert control.keys == {KEY.id: KEY}
    [line] = caplog.records
    assert (line.getMessage(), line.fields["key"]) == ("record_unreadable", "subject/tea")


def test_a_poisoned_note_is_as_good_as_none_and_can_be_written_over(log):
    log.append([NewRecord(POLL_STATE.name, PROGRESS.key, b'{"id": "tea", "covered": [{"start": 1, "end": 0}]}')])
    notebook = a_notebook(log)
    assert notebook.progress == {}

    notebook.write(PROGRESS)
    assert a_notebook(log).progress == {"tea": PROGRESS}


@pytest.mark.parametrize("key", ["", "unknown/x", "subject", "Subject/tea"])
def test_records_of_other_kinds_are_left_alone(log, caplog, key):
    log.append([NewRecord(topic.name, key, b"?") for topic in (CONTROL, POLL_STATE)])

    assert the_control(log).subjects == a_notebook(log).progress == {}
    assert not caplog.records


def test_fields_of_a_newer_version_are_ignored(log):
    log.append([NewRecord(CONTROL.name, TEA.key, TEA.to_json()[:-1] + b',"mood": "good"}')])

    assert the_control(log).subjects == {"tea": TEA}


def test_a_topic_that_is_missing_is_an_error_of_the_log(tmp_path):
    with EmbeddedLog(tmp_path / "log.sqlite") as log, pytest.raises(LogError):
        a_notebook(log).write(QUOTA)


def test_no_record_holds_a_key(log):
    the_control(log).write(KEY)

    assert not [record for record in read_all(log, CONTROL.name) if KEYS[0].encode() in (record.value or b"")]
