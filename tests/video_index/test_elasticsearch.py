import copy
import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

import pytest
from elasticsearch import Elasticsearch

from schemas import VideoDetails
from schemas.index import ALIAS, INDEX, MAPPING, PATTERN, SETTINGS, TEMPLATE, index_template
from tests.video_index.contract import (
    NOON,
    IndexContract,
    a_video,
    await_condition,
    await_total,
    closing,
    fill,
    found,
    stored,
)
from tests.video_index.relevance import RelevanceContract
from tests.video_index.searching_contract import SearchingContract
from video_index import (
    Delete,
    IndexBlockedError,
    IndexOutdatedError,
    IndexUnavailableError,
    Outcome,
    SearchRequest,
    Sort,
    VideoIndex,
    Write,
    WriteResult,
)
from video_index.document import derive
from video_index.elasticsearch import ElasticsearchIndex

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def index(elasticsearch_url: str) -> Iterator[VideoIndex]:
    with Elasticsearch(elasticsearch_url) as client:
        remove_indices(client)
    yield from closing(ElasticsearchIndex(elasticsearch_url))


class TestElasticsearchIndex(IndexContract, SearchingContract, RelevanceContract):
    pass


def test_pages_past_the_result_window_go_on_in_the_same_order(index: VideoIndex) -> None:
    count = 10_200
    for first in range(0, count, 2_000):
        index.write(
            [
                Write(a_video(f"v{number:05}", published_at=NOON + timedelta(seconds=number)), None)
                for number in range(first, min(first + 2_000, count))
            ]
        )

    await_total(index, SearchRequest(), at_least=count)

    across = index.search(SearchRequest(sort=Sort.OLDEST, offset=9_990, limit=50))
    beyond = index.search(SearchRequest(sort=Sort.OLDEST, offset=10_150, limit=50))
    past = index.search(SearchRequest(sort=Sort.OLDEST, offset=20_300, limit=50))

    assert [video.video_id for video in across.videos] == [f"v{number:05}" for number in range(9_990, 10_040)]
    assert [video.video_id for video in beyond.videos] == [f"v{number:05}" for number in range(10_150, 10_200)]
    assert past.videos == ()
    assert across.total == beyond.total == past.total == count


def test_the_index_is_versioned_strict_and_behind_its_alias(index: VideoIndex, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        [(name, aliases)] = client.indices.get_alias(name=ALIAS).items()
        mapping = client.indices.get_mapping(index=ALIAS)[name]["mappings"]

    assert name == f"{ALIAS}-v1"
    assert aliases["aliases"][ALIAS] == {"is_write_index": True}
    assert mapping["dynamic"] == "strict"
    assert set(mapping["properties"]) == set(MAPPING["properties"])


def test_an_index_made_before_there_were_details_learns_of_them(index: VideoIndex, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=INDEX)
        properties = copy.deepcopy(MAPPING["properties"])
        del properties["derived"]["properties"]["has_details"]
        client.indices.delete_index_template(name=TEMPLATE)
        client.indices.create(
            index=INDEX, mappings={**MAPPING, "properties": properties}, settings=SETTINGS, aliases={ALIAS: {}}
        )

    index.ensure()

    fill(index, [a_video("a"), a_video("b", details=VideoDetails())])
    assert index.without_details(10) == ["a"]


def test_videos_written_before_there_were_suggestions_are_found_and_suggested_by_whole_words(
    index: VideoIndex, elasticsearch_url: str
) -> None:
    video = a_video("old", "Street food")
    derived = {name: value for name, value in asdict(derive(video)).items() if not name.startswith("whole_")}
    with Elasticsearch(elasticsearch_url) as client:
        client.index(index=ALIAS, id="old", document={**video.model_dump(mode="json"), "derived": derived})
    await_total(index, SearchRequest(), at_least=1)

    assert found(index, "title:food -channel:food") == ["old"]
    assert [video_id for _, video_id in index.suggest("street food", 5).titles] == ["old"]
    assert index.suggest("street fo", 5).titles == ()

    index.write([Write(video, stored(index, "old").version)])

    await_condition(lambda: index.suggest("street fo", 5).titles == (("Street food", "old"),))


def test_shards_are_those_of_the_first_start_and_replicas_can_be_chosen_later(elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        remove_indices(client)
        assert copies_after_start(client, elasticsearch_url, shards=3) == ("3", "0")
        assert copies_after_start(client, elasticsearch_url, shards=5, replicas=1) == ("3", "1")
        assert copies_after_start(client, elasticsearch_url) == ("3", "1")
        remove_indices(client)


def copies_after_start(client: Elasticsearch, url: str, **chosen: int) -> tuple[str, str]:
    with ElasticsearchIndex(url, **chosen) as index:
        index.ensure()
    [made] = client.indices.get(index=ALIAS).values()
    return made["settings"]["index"]["number_of_shards"], made["settings"]["index"]["number_of_replicas"]


def remove_indices(client: Elasticsearch) -> None:
    for name in client.indices.get(index=PATTERN):
        client.indices.delete(index=name)


def test_what_is_derived_is_searched_but_not_stored(index: VideoIndex, elasticsearch_url: str) -> None:
    fill(index, [a_video("a", "Words")])

    with Elasticsearch(elasticsearch_url) as client:
        source = client.get(index=ALIAS, id="a")["_source"]

    assert "derived" not in source


def test_a_document_that_the_mapping_refuses_is_rejected_alone(index: VideoIndex) -> None:
    too_many = a_video("bad", details={"duration_s": 2**40})

    results = index.write([Write(a_video("good"), None), Write(too_many, None)])

    assert [result.outcome for result in results] == [Outcome.WRITTEN, Outcome.REJECTED]
    assert "duration_s" in results[1].reason


def test_however_many_words_are_close_to_a_misspelt_one_there_are_as_many_requests(
    index: VideoIndex, caplog: pytest.LogCaptureFixture
) -> None:
    def requests() -> int:
        caplog.clear()
        with caplog.at_level(logging.INFO, "elastic_transport.transport"):
            assert index.respell("xats") == "cats"
        return len(caplog.records)

    fill(index, [a_video("c1", "cats"), a_video("c2", "cats"), a_video("b", "bats")])
    for_two = requests()
    fill(index, [a_video(word, word) for word in ("hats", "mats", "rats", "vats")])

    assert requests() == for_two


def test_without_its_alias_nothing_is_created_by_a_write(index: VideoIndex, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=f"{ALIAS}-v1")

        with pytest.raises(IndexUnavailableError):
            index.write([Write(a_video("a"), None)])
        with pytest.raises(IndexUnavailableError):
            index.search(SearchRequest())

        assert not client.indices.exists(index=ALIAS)


def test_an_index_that_is_away_is_named() -> None:
    with (
        ElasticsearchIndex("http://127.0.0.1:9", timeout_s=1) as index,
        pytest.raises(IndexUnavailableError, match="away"),
    ):
        index.check()


def test_an_index_that_is_about_to_be_replaced_says_later_and_is_still_searched(index: VideoIndex) -> None:
    assert isinstance(index, ElasticsearchIndex)
    fill(index, [a_video("a")])
    known = stored(index, "a").version
    index.versions.block(INDEX)

    for change in (Write(a_video("b"), None), Write(a_video("a", "New"), known), Delete("a", known)):
        with pytest.raises(IndexBlockedError):
            index.write([change])

    assert index.is_blocked()
    assert found(index, "title") == ["a"]

    index.unblock()

    assert not index.is_blocked()
    assert index.write([Delete("a", known)]) == [WriteResult(Outcome.WRITTEN)]


def test_an_older_index_is_refused_until_it_was_reindexed(
    index: VideoIndex, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(index, [a_video("a")])
    monkeypatch.setattr("video_index.elasticsearch.VERSION", 2)

    with pytest.raises(IndexOutdatedError, match=r"youtube-videos-v1.*v2.*make reindex"):
        index.ensure()

    assert found(index, "title") == ["a"]


def test_where_the_index_is_lost_the_one_that_it_replaced_does_not_come_back(
    index: ElasticsearchIndex, elasticsearch_url: str
) -> None:
    fill(index, [a_video("old")])
    newer = index.versions.begin()
    index.versions.block(INDEX)
    index.versions.swap(INDEX, newer)
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=newer)

    with pytest.raises(IndexOutdatedError, match="make reindex"):
        index.ensure()

    assert index.versions.current() is None


def test_a_replaced_index_that_was_to_come_back_and_did_not_takes_no_changes_again(index: ElasticsearchIndex) -> None:
    newer = index.versions.begin()
    index.versions.block(INDEX)
    index.versions.swap(INDEX, newer)
    index.versions.reopen(INDEX)

    index.versions.abandon()

    assert (index.versions.filling(), index.versions.kept()) == (None, [INDEX])
    assert index.versions.has_block(INDEX)


def test_an_index_that_was_left_without_its_alias_gets_it_back(
    index: ElasticsearchIndex, elasticsearch_url: str
) -> None:
    fill(index, [a_video("a")])
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete_alias(index=INDEX, name=ALIAS)

    index.ensure()

    assert found(index, "title") == ["a"]


def test_a_service_of_an_older_version_leaves_template_and_index_as_they_are(
    index: ElasticsearchIndex, elasticsearch_url: str
) -> None:
    newer = {**index_template(), "version": 2, "template": {"mappings": {"properties": {"later": {"type": "long"}}}}}
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.put_index_template(name=TEMPLATE, **newer)
        client.indices.create(index=f"{ALIAS}-v2")
        client.indices.update_aliases(
            actions=[
                {"remove": {"index": INDEX, "alias": ALIAS}},
                {"add": {"index": f"{ALIAS}-v2", "alias": ALIAS, "is_write_index": True}},
            ]
        )

        index.ensure()
        index.versions.put_template()

        [template] = client.indices.get_index_template(name=TEMPLATE)["index_templates"]
        mapping = client.indices.get_mapping(index=f"{ALIAS}-v2")[f"{ALIAS}-v2"]["mappings"]
        client.indices.delete_index_template(name=TEMPLATE)
    assert template["index_template"]["version"] == 2
    assert mapping["properties"] == {"later": {"type": "long"}}
