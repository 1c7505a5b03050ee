"""The fields of the videos that only Kibana shows, on an index that was there before them."""

import copy

import pytest
from elasticsearch import Elasticsearch

from schemas.index import ALIAS, INDEX, MAPPING, PATTERN, SETTINGS, TEMPLATE
from tests.video_index.contract import a_video
from video_index import Outcome, Write
from video_index.elasticsearch import ElasticsearchIndex


@pytest.mark.elasticsearch
def test_an_index_that_is_there_is_given_them(elasticsearch_url: str) -> None:
    older = copy.deepcopy(MAPPING)
    del older["properties"]["thumbnail"], older["properties"]["details"]["properties"]["default_audio_language"]
    with Elasticsearch(elasticsearch_url) as client, ElasticsearchIndex(elasticsearch_url) as index:
        for name in client.indices.get(index=PATTERN):
            client.indices.delete(index=name)
        client.options(ignore_status=404).indices.delete_index_template(name=TEMPLATE)
        client.indices.create(index=INDEX, mappings=older, settings=SETTINGS, aliases={ALIAS: {}})
        index.write([Write(a_video("before"), None)])

        index.ensure()

        result = index.write([Write(a_video("after", details={"default_audio_language": "fr"}), None)])
        client.indices.refresh(index=ALIAS)
        thumbnails = client.search(index=ALIAS, fields=["thumbnail"], source=False)["hits"]["hits"]

    assert [each.outcome for each in result] == [Outcome.WRITTEN]
    assert sorted(each["fields"]["thumbnail"][0] for each in thumbnails) == ["after", "before"]
