from collections.abc import Iterator
from datetime import timedelta

import pytest

from event_log.embedded import EmbeddedLog
from producer.keys import is_retired
from producer.settings import ProducerSettings
from producer.state import Control, Notebook
from producer.upkeep import bring_keys, follow_subjects, forget_the_unwanted
from schemas import ALL_TOPICS, KeyHealth, Subject, SubjectProgress, subject_id
from tests.producer.model_search import START
from tests.producer.scripted import KEYS, VAULT

NOW = START + timedelta(days=30)
DAY = timedelta(days=1)
FIRST = VAULT.recognise(KEYS[0])


class Desk:
    """Control records and notes on a log, and the settings that are brought to them."""

    def __init__(self, log: EmbeddedLog) -> None:
        self.control = Control(log)
        self.notebook = Notebook(log)
        self.refresh()

    def refresh(self) -> None:
        self.control.refresh()
        self.notebook.refresh()

    def bring(self, now=NOW, **settings) -> None:
        made = ProducerSettings(_env_file=None, **settings)
        follow_subjects(made, self.control, now)
        bring_keys(made, VAULT, self.control, self.notebook, now)
        self.refresh()

    def tea(self) -> Subject:
        return self.control.subjects[subject_id("tea")]

    def retire(self, at=NOW) -> None:
        self.notebook.write(KeyHealth(id=FIRST, retired_at=at, retired_reason="invalid"))

    def first_is_retired(self) -> bool:
        return is_retired(self.control.keys[FIRST], self.notebook.health.get(FIRST))


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield Desk(log)


@pytest.fixture(autouse=True)
def _all_lines(caplog):
    caplog.set_level("INFO")


def test_a_subject_of_the_settings_is_followed_from_seven_days_before(desk):
    desk.bring(subjects="tea")

    assert (desk.tea().since, desk.tea().followed_at) == (NOW - 7 * DAY, NOW)


def test_or_from_the_given_time_on(desk):
    desk.bring(subjects="tea", subjects_since=START)

    assert desk.tea().since == START


def test_a_later_restart_changes_nothing(desk):
    desk.bring(subjects="tea")
    desk.bring(now=NOW + 5 * DAY, subjects="TEA")

    assert desk.tea().since == NOW - 7 * DAY
    assert desk.tea().query == "tea"


@pytest.mark.parametrize(("days", "since_moves"), [(-1, True), (0, False), (1, False)])
def test_since_is_only_ever_moved_into_the_past(desk, days, since_moves):
    desk.bring(subjects="tea", subjects_since=START)
    desk.bring(subjects="tea", subjects_since=START + days * DAY)

    assert desk.tea().since == (START + days * DAY if since_moves else START)
    assert desk.tea().followed_at == NOW


def test_subjects_that_the_settings_name_no_more_stay_followed(desk):
    desk.bring(subjects="tea")
    desk.bring(subjects="jam")

    assert len(desk.control.subjects) == 2


def test_keys_of_the_settings_are_added_once(desk):
    desk.bring(youtube_api_keys=",".join(KEYS))
    desk.bring(now=NOW + DAY, youtube_api_keys=",".join(KEYS))

    assert len(desk.control.keys) == 3
    assert {key.added_at for key in desk.control.keys.values()} == {NOW}


def test_a_key_that_the_settings_name_no_more_is_removed_and_one_of_the_api_stays(desk):
    desk.bring(youtube_api_keys=KEYS[0])
    of_the_api = VAULT.seal(KEYS[1], source="api", added_at=NOW)
    desk.control.write(of_the_api)
    desk.refresh()
    desk.bring()

    assert list(desk.control.keys) == [of_the_api.id]


def test_a_key_of_the_api_that_the_settings_name_too_stays_one_of_the_api(desk):
    desk.control.write(VAULT.seal(KEYS[0], source="api", added_at=START))
    desk.refresh()
    desk.bring(youtube_api_keys=KEYS[0])

    assert desk.control.keys[FIRST].source == "api"


@pytest.mark.parametrize("retired_after", [timedelta(), DAY, 900 * DAY], ids=["at once", "a day", "a wrong clock"])
def test_a_retired_key_of_the_settings_gets_another_chance_at_the_restart(desk, retired_after):
    desk.bring(youtube_api_keys=KEYS[0])
    desk.retire(NOW + retired_after)
    assert desk.first_is_retired()

    desk.bring(now=NOW + min(retired_after, DAY), youtube_api_keys=KEYS[0])

    assert not desk.first_is_retired()


def test_a_retired_key_of_the_api_gets_none(desk):
    desk.control.write(VAULT.seal(KEYS[0], source="api", added_at=START))
    desk.retire()
    desk.refresh()
    desk.bring(now=NOW + DAY, youtube_api_keys=KEYS[0])

    assert desk.first_is_retired()


def test_notes_on_what_is_gone_are_removed_and_the_others_stay(desk):
    desk.bring(subjects="tea", youtube_api_keys=KEYS[0])
    desk.retire()
    kept = SubjectProgress(id=subject_id("tea"))
    for note in (kept, SubjectProgress(id="gone"), KeyHealth(id="gone")):
        desk.notebook.write(note)

    forget_the_unwanted(desk.control, desk.notebook, NOW)
    desk.refresh()

    assert list(desk.notebook.progress.values()) == [kept]
    assert list(desk.notebook.health) == [FIRST]


def test_what_is_said_of_a_key_is_its_end_only(desk, caplog):
    desk.bring(youtube_api_keys=KEYS[0])
    desk.bring()

    said = [(record.getMessage(), record.fields["key"]) for record in caplog.records]
    assert said == [("key_added", "…efgh"), ("key_removed", "…efgh")]
