"""What Elasticsearch does with several indices behind one alias: the facts that the design in docs/scaling.md is for.

None of it is used today: there is one index behind the alias, which these tests are not about.
"""

from collections.abc import Iterator

import pytest
from elasticsearch import BadRequestError, Elasticsearch

pytestmark = pytest.mark.elasticsearch

ALIAS, OLD, NEW = "periods", "periods-2026-10", "periods-2026-11"


@pytest.fixture
def node(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """Two indices behind an alias, of which the newer one takes what is written to the alias."""
    with Elasticsearch(elasticsearch_url) as client:
        for name in (OLD, NEW):
            client.indices.create(
                index=name,
                settings={"number_of_replicas": 0, "refresh_interval": "-1"},
                aliases={ALIAS: {"is_write_index": name == NEW}},
            )
        yield client
        for name in client.indices.get(index=f"{ALIAS}*"):
            client.indices.delete(index=name)


def put(node: Elasticsearch, index: str, video: str, title: str) -> None:
    node.index(index=index, id=video, document={"title": title})


def found(node: Elasticsearch, index: str, video: str) -> list[str]:
    node.indices.refresh(index=index)
    hits = node.search(index=index, query={"ids": {"values": [video]}})["hits"]["hits"]
    return sorted(hit["_index"] for hit in hits)


def test_a_video_cannot_be_asked_for_by_id_through_the_alias(node: Elasticsearch) -> None:
    put(node, OLD, "a", "cats")

    answer = node.mget(index=ALIAS, ids=["a"])

    assert answer["docs"][0]["error"]["type"] == "illegal_argument_exception"


def test_it_can_be_asked_for_in_each_index_at_once_before_it_is_searchable(node: Elasticsearch) -> None:
    put(node, OLD, "a", "cats")

    answer = node.mget(docs=[{"_index": name, "_id": "a"} for name in (OLD, NEW)])

    assert [document["found"] for document in answer["docs"]] == [True, False]


def test_creating_through_the_alias_does_not_see_the_older_index_and_doubles_the_video(node: Elasticsearch) -> None:
    put(node, OLD, "a", "cats")

    answer = node.bulk(index=ALIAS, operations=[{"create": {"_id": "a"}}, {"title": "cats"}], require_alias=True)

    assert not answer["errors"]
    assert found(node, ALIAS, "a") == [OLD, NEW]


def test_a_change_through_the_alias_misses_a_video_of_the_older_index(node: Elasticsearch) -> None:
    put(node, OLD, "a", "cats")
    seen = node.get(index=OLD, id="a")
    version = {"if_seq_no": seen["_seq_no"], "if_primary_term": seen["_primary_term"]}

    through = node.bulk(index=ALIAS, operations=[{"index": {"_id": "a", **version}}, {"title": "dogs"}])
    named = node.bulk(operations=[{"index": {"_index": OLD, "_id": "a", **version}}, {"title": "dogs"}])

    assert through["items"][0]["index"]["status"] == 409
    assert named["items"][0]["index"]["status"] == 200
    assert found(node, ALIAS, "a") == [OLD]


def test_changes_to_several_indices_by_name_go_in_one_request(node: Elasticsearch) -> None:
    lines = [{"create": {"_index": OLD, "_id": "a"}}, {"title": "a"}, {"create": {"_index": NEW, "_id": "b"}}, {}]

    assert not node.bulk(operations=lines)["errors"]
    again = node.bulk(operations=lines)

    assert [item["create"]["status"] for item in again["items"]] == [409, 409]
    assert (found(node, ALIAS, "a"), found(node, ALIAS, "b")) == ([OLD], [NEW])


def test_one_shard_becomes_several_and_each_video_stays_one(node: Elasticsearch) -> None:
    node.indices.create(index="periods-one", settings={"number_of_shards": 1, "number_of_replicas": 0})
    for number in range(50):
        put(node, "periods-one", f"v{number}", "cats")

    split(node, "periods-one", "periods-four", 4)

    node.indices.refresh(index="periods-four")
    assert node.count(index="periods-four")["count"] == 50
    lines = [line for number in range(50) for line in ({"create": {"_id": f"v{number}"}}, {"title": "again"})]
    again = node.bulk(index="periods-four", operations=lines)
    assert {item["create"]["status"] for item in again["items"]} == {409}
    with pytest.raises(BadRequestError, match="must be a factor of"):
        split(node, "periods-four", "periods-six", 6)


def split(node: Elasticsearch, source: str, target: str, shards: int) -> None:
    """While it lasts, nothing can be written to the source."""
    patient = node.options(request_timeout=120)
    patient.indices.put_settings(index=source, settings={"index.blocks.write": True})
    # Copies are not taken over from the source.
    own = {"index.number_of_shards": shards, "index.number_of_replicas": 0, "index.blocks.write": None}
    patient.indices.split(index=source, target=target, settings=own)
    patient.cluster.health(index=target, wait_for_status="green", timeout="90s")
