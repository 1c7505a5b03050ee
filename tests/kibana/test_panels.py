"""What every panel asks of Elasticsearch, asked of a real node that holds demo data: each has something to show."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from kibana.health_index import PATTERN, HealthIndex, index_of
from kibana.panels import CHARTS, LANGUAGES, LENGTHS, STATES, TOP_CHANNELS, VIDEOS_OVER_TIME
from kibana.saved_object import SavedObject
from kibana.saved_searches import LIVE_VIDEOS, NEWEST_VIDEOS, SAVED_SEARCHES, TROUBLES
from schemas.index import ALIAS
from schemas.index import PATTERN as VIDEO_PATTERN
from tests.kibana.charts_as_asked import MISSING, aggregations, first_buckets
from tests.kibana.demo import SUBJECTS, demo_health, demo_videos, this_minute
from video_index import Outcome, Write
from video_index.elasticsearch import ElasticsearchIndex

pytestmark = pytest.mark.elasticsearch

INDICES = {"topicreel-videos": ALIAS, "topicreel-health": PATTERN}


@pytest.fixture(scope="module")
def node(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """A node with a week of videos and three hours of the pipeline's health."""
    now = this_minute()
    with Elasticsearch(elasticsearch_url) as client:
        for name in client.indices.get(index=f"{VIDEO_PATTERN},{PATTERN}"):
            client.indices.delete(index=name)
        with ElasticsearchIndex(elasticsearch_url) as videos, HealthIndex(elasticsearch_url) as health:
            videos.ensure()
            newest, *others = demo_videos(now)
            upcoming = newest.model_copy(update={"live_broadcast_content": "upcoming"})
            results = videos.write([Write(video, None) for video in (upcoming, *others)])
            assert {result.outcome for result in results} == {Outcome.WRITTEN}
            *before, last = demo_health(now)
            health.keep(last)
            bulk(client, ({"_index": index_of(each.at), **_document(each)} for each in before))
        client.indices.refresh(index=f"{ALIAS},{PATTERN}")
        yield client


def _document(health: Any) -> dict[str, Any]:
    return {"_source": health.model_dump(mode="json")}


def ask(node: Elasticsearch, chart: SavedObject) -> dict[str, Any]:
    [data_view] = chart.references
    state = chart.attributes["state"]
    answer = node.search(index=INDICES[data_view.id], size=0, aggregations=aggregations(state))
    assert answer["hits"]["total"]["value"] > 100
    return dict(answer)


def values(answer: Any) -> Iterator[float | None]:
    """Every number that was computed in the buckets."""
    if isinstance(answer, dict):
        if "value" in answer and not isinstance(answer["value"], dict):
            yield answer["value"]
        for each in answer.values():
            yield from values(each)
    elif isinstance(answer, list):
        for each in answer:
            yield from values(each)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)
def test_every_chart_has_something_to_show(node: Elasticsearch, chart: SavedObject) -> None:
    answer = ask(node, chart)

    [layer] = chart.attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
    columns = layer["columns"].values()
    if any(column["isBucketed"] for column in columns):
        assert len(first_buckets(chart.attributes["state"], answer)) > 1
    if any(column["operationType"] in {"min", "max"} for column in columns):
        computed = list(values(answer["aggregations"]))
        assert computed
        assert None not in computed


def test_videos_are_told_apart_by_subject_and_one_of_two_subjects_counts_for_both(node: Elasticsearch) -> None:
    counts = first_buckets(VIDEOS_OVER_TIME.attributes["state"], ask(node, VIDEOS_OVER_TIME))

    assert set(counts) == set(SUBJECTS)
    assert sum(counts.values()) > node.count(index=ALIAS)["count"]


def test_the_channels_with_the_most_videos_come_first(node: Elasticsearch) -> None:
    counts = list(first_buckets(TOP_CHANNELS.attributes["state"], ask(node, TOP_CHANNELS)).values())

    assert counts == sorted(counts, reverse=True)
    assert len(counts) == 15


def test_every_length_is_in_one_range(node: Elasticsearch) -> None:
    counts = first_buckets(LENGTHS.attributes["state"], ask(node, LENGTHS))

    with_length = {"range": {"details.duration_s": {"gte": 1}}}
    assert sum(counts.values()) == node.count(index=ALIAS, query=with_length)["count"]


def test_languages_are_those_that_youtube_tells(node: Elasticsearch) -> None:
    counts = first_buckets(LANGUAGES.attributes["state"], ask(node, LANGUAGES))

    assert {"en", "fr", "ja"} <= set(counts)
    assert MISSING not in counts, "every made-up video has a language"


def test_what_the_producer_did_is_told_apart(node: Elasticsearch) -> None:
    assert first_buckets(STATES.attributes["state"], ask(node, STATES)) == {"polling": 121, "waiting": 60}


def search(node: Elasticsearch, saved: SavedObject) -> list[dict[str, Any]]:
    """The rows as Discover reads them: all fields, through Elasticsearch's `fields`."""
    [data_view] = saved.references
    query = json.loads(saved.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
    answer = node.search(
        index=INDICES[data_view.id],
        query={"query_string": {"query": query}} if query else {"match_all": {}},
        sort=[{name: order} for name, order in saved.attributes["sort"]],
        fields=[{"field": "*", "include_unmapped": True}],
        source=False,
        size=500,
    )
    return [hit["fields"] for hit in answer["hits"]["hits"]]


@pytest.mark.parametrize("saved", SAVED_SEARCHES, ids=lambda each: each.id)
def test_every_column_of_a_saved_search_is_filled(node: Elasticsearch, saved: SavedObject) -> None:
    rows = search(node, saved)

    assert rows
    assert all(any(name in row for row in rows) for name in saved.attributes["columns"])


def test_a_thumbnail_is_the_id_of_the_video_a_second_time(node: Elasticsearch) -> None:
    assert all(row["thumbnail"] == row["video_id"] for row in search(node, NEWEST_VIDEOS))


def test_only_what_is_live_or_upcoming_is_found_as_such(node: Elasticsearch) -> None:
    rows = search(node, LIVE_VIDEOS)

    assert {"upcoming"} <= {row["live_broadcast_content"][0] for row in rows} <= {"live", "upcoming"}
    others = {"terms": {"live_broadcast_content": ["none"]}}
    assert len(rows) == node.count(index=ALIAS)["count"] - node.count(index=ALIAS, query=others)["count"]


def test_only_minutes_without_polls_are_found_as_troubles(node: Elasticsearch) -> None:
    rows = search(node, TROUBLES)

    assert len(rows) == 60
    assert all(row["state"] == ["waiting"] and row["reason"] for row in rows)
