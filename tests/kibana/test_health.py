"""The pipeline's health as one document."""

from datetime import UTC, datetime, timedelta

import pytest

from kibana import pipeline_health
from kibana.health_index import MAPPING, index_of, outlived
from query_api.producer_view import ProducerSnapshot
from tests.kibana.demo import a_backlog, a_project, a_status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_numbers_of_all_projects_and_subjects_are_brought_together() -> None:
    health = pipeline_health(
        ProducerSnapshot(a_status(NOON), NOON, None), a_backlog(10), NOON + timedelta(seconds=10)
    )

    assert (health.state, health.reason) == ("polling", None)
    assert (health.searches_spent, health.searches_left) == (60, 140)
    assert (health.units_spent, health.units_left) == (2_000, 18_000)
    assert (health.subjects, health.results, health.new_videos) == (2, 100, 40)
    assert (health.expected_delay_s, health.last_poll_age_s) == (900.0, 100.0)
    assert health.oldest_refresh_age_s == 20 * 86_400 + 10


def test_records_that_wait_are_told_by_topic_and_together() -> None:
    health = pipeline_health(ProducerSnapshot(a_status(NOON), NOON, None), a_backlog(10), NOON)

    assert (health.lag_search, health.lag_lookups, health.lag_records) == (11, 2, 13)
    assert health.dead_letters == 3


def test_a_producer_that_waits_says_why() -> None:
    health = pipeline_health(ProducerSnapshot(a_status(NOON, "the quota is used up"), NOON, None), a_backlog(), NOON)

    assert (health.state, health.reason) == ("waiting", "the quota is used up")


def test_what_a_producer_told_before_it_went_away_is_not_told_again() -> None:
    health = pipeline_health(ProducerSnapshot(a_status(NOON), NOON, None), a_backlog(), NOON + timedelta(minutes=5))

    assert health.state == "away"
    assert health.reason is not None
    assert health.searches_left is None
    assert health.lag_records == 13, "that the processor is behind is known all the same"


def test_with_kafka_away_that_is_all_there_is_to_tell() -> None:
    health = pipeline_health(ProducerSnapshot(None, None, NOON), None, NOON)

    assert health.state == "away"
    assert health.reason is not None
    assert health.reason.startswith("Kafka is away since")
    assert health.lag_records is None


def test_a_key_is_never_told() -> None:
    health = pipeline_health(ProducerSnapshot(a_status(NOON), NOON, None), a_backlog(), NOON)

    assert a_project("one", NOON, 1).keys[0] not in health.model_dump_json()


def test_every_field_has_its_place_in_the_index() -> None:
    health = pipeline_health(ProducerSnapshot(a_status(NOON), NOON, None), a_backlog(), NOON).model_dump(mode="json")

    assert set(health) == set(MAPPING["properties"])


def test_a_day_has_an_index_whatever_the_time_zone() -> None:
    assert index_of(datetime.fromisoformat("2026-03-01T01:30:00+02:00")) == "topicreel-health-2026.02.28"


@pytest.mark.parametrize(
    ("name", "is_outlived"),
    [
        ("topicreel-health-2026.03.01", False),
        ("topicreel-health-2026.02.01", False),
        ("topicreel-health-2026.01.31", True),
        ("topicreel-health-2025.12.31", True),
        ("topicreel-health-2026.03.02", False),
        ("topicreel-health-of-somebody", False),
        ("topicreel-health-2025.01.01-copy", False),
    ],
)
def test_days_of_more_than_four_weeks_ago_are_deleted_and_nothing_else(name: str, is_outlived: bool) -> None:
    assert outlived([name], NOON) == ([name] if is_outlived else [])
