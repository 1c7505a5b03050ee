"""The whole pipeline on engines as managed ones are: TLS, a user for each service, and no right more than documented.

Kafka is a real broker with Kafka's own authorizer. Before the real Elasticsearch stands a gate of the tests' own: its
own security cannot be had here.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from elasticsearch import Elasticsearch

from event_log.kafka import KafkaLog
from producer.http import httpx
from schemas import ALL_TOPICS
from stack.engines import KafkaHome
from stack.ports import free_port
from stack.process import wait_until
from tests.access_rights import documented_rights
from tests.certificates import Authority
from tests.engine import RunningEngine
from tests.guarded_elasticsearch import GuardedElasticsearch, api_key, everything, reading, user
from tests.guarded_kafka import OWNER, PASSWORD, GuardedKafka
from tests.pipeline.emulator import RunningEmulator
from tests.pipeline.services import Services
from video_index.elasticsearch_versions import IndexVersions

pytestmark = [pytest.mark.kafka, pytest.mark.elasticsearch, pytest.mark.pipeline]

WRITER_PASSWORD, READER_KEY, WRONG = "the-writers-secret", "the-readers-key", "a-wrong-secret"
SECRETS = (PASSWORD, WRITER_PASSWORD, READER_KEY, WRONG)
RIGHTS = documented_rights()


@pytest.fixture
def broker(kafka_home: KafkaHome, tmp_path: Path) -> Iterator[GuardedKafka]:
    """A broker with a user for each service, who may do what is documented."""
    broker = GuardedKafka(kafka_home, tmp_path / "kafka", (OWNER, *RIGHTS))
    broker.start()
    for name, allowed in RIGHTS.items():
        broker.allow(name, allowed)
    yield broker
    broker.engine.remove()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "gate", "gate")


@pytest.fixture
def gate(elasticsearch_node: RunningEngine, authority: Authority) -> Iterator[GuardedElasticsearch]:
    """Lets a user write, and a key read."""
    allowed = {user("writer", WRITER_PASSWORD): everything, api_key(READER_KEY): reading}
    gate = GuardedElasticsearch(elasticsearch_node.url, authority.server(), allowed)
    yield gate
    gate.shutdown()
    gate.server_close()


@pytest.fixture
def services(
    tmp_path: Path, broker: GuardedKafka, gate: GuardedElasticsearch, authority: Authority
) -> Iterator[Services]:
    """With the settings that all of them share, but for the user of Kafka."""
    directory = tmp_path / "services"
    directory.mkdir()
    services = Services(
        directory,
        {
            "PATH": os.environ["PATH"],
            "STACK": "native",
            "DATA_DIR": str(directory / "data"),
            "ENCRYPTION_KEY": Fernet.generate_key().decode(),
            **broker.settings(),
            "ELASTICSEARCH_URL": gate.url,
            "ELASTICSEARCH_USERNAME": "writer",
            "ELASTICSEARCH_PASSWORD": WRITER_PASSWORD,
            "ELASTICSEARCH_CA_FILE": str(authority.file),
        },
    )
    yield services
    services.close()


@pytest.fixture
def youtube(tmp_path: Path) -> Iterator[RunningEmulator]:
    emulator = RunningEmulator(tmp_path, seed=1, searches_per_day=100_000)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def topics(broker: GuardedKafka) -> None:
    with KafkaLog(broker.sasl, broker.access()) as owner:
        owner.create_topics(ALL_TOPICS)


@pytest.fixture
def values(broker: GuardedKafka, gate: GuardedElasticsearch, authority: Authority) -> dict[str, str]:
    """What the words below stand for: the authorities of the other side, and the address without TLS."""
    return {
        "gate's": str(authority.file),
        "broker's": str(broker.authority.file),
        "plain": gate.url.replace("https", "http"),
    }


@pytest.mark.timeout(900)
def test_each_service_does_its_work_with_the_documented_rights_and_tells_no_secret(
    services: Services, youtube: RunningEmulator, elasticsearch_node: RunningEngine
) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    services.start("processor", KAFKA_USERNAME="processor", KAFKA_PARTITIONS="3")
    assert wait_until(lambda: "processor ready" in services.output("processor"), 90), services.output("processor")
    services.start("producer", KAFKA_USERNAME="producer", YOUTUBE_API_URL=youtube.url, POLL_INTERVAL="5")
    services.start(
        "query_api",
        KAFKA_USERNAME="query_api",
        ELASTICSEARCH_READ_API_KEY=READER_KEY,
        API_PORT=str(port),
        ALLOW_PRIVATE_WEBHOOKS="1",
    )
    services.start("kibana", "record", KAFKA_USERNAME="recorder")
    assert wait_until(lambda: answers(f"{url}/readyz"), 60), services.output("query_api")

    # when people follow a subject, add a key, and save a search
    post(f"{url}/subjects", {"query": "street food"})
    post(f"{url}/add_api_key", {"key": "key-that-the-emulator-takes"})
    post(f"{url}/alerts", {"name": "all", "filters": {}, "webhook": f"http://127.0.0.1:{free_port()}/"})

    # then videos are found, alerts are under way, and the pipeline's health is noted
    assert wait_until(lambda: found(url) > 0, 120), services.output("producer") + services.output("processor")
    assert wait_until(lambda: "name=alerts" in services.output("query_api"), 60), services.output("query_api")
    with Elasticsearch(elasticsearch_node.url) as node:
        assert wait_until(lambda: bool(node.indices.get(index="topicreel-health-*")), 60), services.output("kibana")

    # then the index is made anew and backed up
    for command in (("reindex",), ("backup", "--without-snapshot"), ("rotate",)):
        services.start("operations", *command, KAFKA_USERNAME="operations")
        assert services.exit_code("operations", 120) == 0, services.output("operations")

    # and the processor takes away a block that nobody works behind any more
    with Elasticsearch(elasticsearch_node.url) as node:
        versions = IndexVersions(node)
        versions.block(versions.current() or "")
        post(f"{url}/subjects", {"query": "night trains"})
        assert wait_until(lambda: "index_unblocked" in services.output("processor"), 120), services.output(
            "processor"
        )

    assert httpx.get(f"{url}/readyz", trust_env=False).json()["status"] == "ready"
    for name in ("producer", "processor", "query_api", "kibana", "operations"):
        told = services.output(name)
        assert "uthorization" not in told, told
        assert "not_altered" not in told, told
        assert not any(secret in told for secret in SECRETS), name
    assert not any(secret in services.command_lines() for secret in SECRETS)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"KAFKA_PASSWORD": WRONG}, "check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM"),
        ({"KAFKA_CA_FILE": "gate's"}, "set KAFKA_CA_FILE to the authority"),
        (
            {"KAFKA_SECURITY_PROTOCOL": "", "KAFKA_SASL_MECHANISM": "", "KAFKA_USERNAME": "", "KAFKA_PASSWORD": ""}
            | {"KAFKA_CA_FILE": ""},
            "speaks TLS, KAFKA_SECURITY_PROTOCOL=PLAINTEXT does not",
        ),
        ({"ELASTICSEARCH_PASSWORD": WRONG}, "refuses ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD (401)"),
        ({"ELASTICSEARCH_CA_FILE": "broker's"}, "set ELASTICSEARCH_CA_FILE to the authority"),
        ({"ELASTICSEARCH_URL": "plain", "ELASTICSEARCH_CA_FILE": ""}, "set ELASTICSEARCH_URL to the same with https"),
    ],
)
def test_who_is_not_let_in_is_told_why_at_the_start(
    services: Services, topics: None, values: dict[str, str], wrong: dict[str, str], told: str
) -> None:
    services.start("processor", **{name: values.get(value, value) for name, value in wrong.items()})

    assert services.exit_code("processor", 60) == 2
    assert told in services.output("processor")
    assert not any(secret in services.output("processor") for secret in SECRETS)


def post(url: str, body: object) -> None:
    answer = httpx.post(url, json=body, timeout=30, trust_env=False)
    assert answer.status_code < 300, answer.text


def answers(url: str) -> bool:
    try:
        return bool(httpx.get(url, timeout=10, trust_env=False).status_code == 200)
    except httpx.HTTPError:
        return False


def found(url: str) -> int:
    total: int = httpx.get(f"{url}/search", timeout=30, trust_env=False).json()["total"]["value"]
    return total
