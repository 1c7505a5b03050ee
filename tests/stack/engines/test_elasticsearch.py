"""The search node as a local process."""

from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from schemas.index import index_template
from stack.engines.elasticsearch import node_settings
from tests.engine import RunningEngine


def test_listens_on_the_loopback_address_only():
    settings = node_settings(Path("/data"), 20003, Path("/backups")).splitlines()

    assert "network.host: 127.0.0.1" in settings
    assert "http.port: 20003" in settings


@pytest.mark.elasticsearch
def test_a_node_names_itself_as_an_official_one_does(elasticsearch_url: str):
    with Elasticsearch(elasticsearch_url) as client:
        info = client.info()

    assert info["version"]["number"] == "9.5.3"
    assert info["tagline"] == "You Know, for Search"


@pytest.mark.elasticsearch
def test_a_node_folds_and_splits_words_as_the_index_template_asks(elasticsearch_url: str):
    template = {**index_template(), "index_patterns": ["folding-*"]}
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.put_index_template(name="folding", **template)
        client.indices.create(index="folding-1")
        words = client.indices.analyze(index="folding-1", analyzer="folded", text="Crème Brûlée, Ærøskøbing")

    assert [word["token"] for word in words["tokens"]] == ["creme", "brulee", "aeroskobing"]


@pytest.mark.elasticsearch
def test_acknowledged_documents_survive_a_crash(elasticsearch_node: RunningEngine):
    with Elasticsearch(elasticsearch_node.url) as client:
        client.indices.create(index="kept", settings={"number_of_replicas": 0})
        for number in range(20):
            client.index(index="kept", id=str(number), document={"number": number})

        elasticsearch_node.kill()
        elasticsearch_node.start()

        client.indices.refresh(index="kept")
        assert client.count(index="kept")["count"] == 20
