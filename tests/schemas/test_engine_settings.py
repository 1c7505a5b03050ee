"""What is said of Kafka and Elasticsearch: what each way of being let in needs, and what contradicts itself."""

from pathlib import Path

import certifi
import pytest

from query_api.settings import ApiSettings
from schemas.access import ElasticsearchAccess, KafkaAccess
from schemas.settings import CommonSettings, SettingsError

SECRET = "not-to-be-told"
SASL = {
    "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
    "KAFKA_USERNAME": "topicreel",
    "KAFKA_PASSWORD": SECRET,
}
USER = {"ELASTICSEARCH_USERNAME": "topicreel", "ELASTICSEARCH_PASSWORD": SECRET}


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting in the environment, no `.env`; a file `not.pem` that holds no certificate."""
    for name in ApiSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    Path("not.pem").write_text("no certificate")


def read(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> ApiSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return ApiSettings.read()


def without(name: str) -> dict[str, str]:
    return {other: value for other, value in SASL.items() if other != name}


def test_by_default_everyone_is_let_in() -> None:
    settings = CommonSettings.read()

    assert settings.kafka_access == KafkaAccess()
    assert not settings.kafka_access.encrypted
    assert settings.elasticsearch_access == ElasticsearchAccess()


def test_a_user_of_kafka_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    access = read(monkeypatch, SASL | {"KAFKA_CA_FILE": certifi.where()}).kafka_access

    assert (access.protocol, access.mechanism, access.username) == ("SASL_SSL", "SCRAM-SHA-512", "topicreel")
    assert access.password is not None
    assert access.password.get_secret_value() == SECRET
    assert access.ca_file == Path(certifi.where())
    assert SECRET not in repr(access)


def test_names_of_protocols_and_mechanisms_are_taken_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    lower = {"KAFKA_SECURITY_PROTOCOL": "sasl_plaintext", "KAFKA_SASL_MECHANISM": "plain"}

    access = read(monkeypatch, SASL | lower).kafka_access

    assert (access.protocol, access.mechanism) == ("SASL_PLAINTEXT", "PLAIN")


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (without("KAFKA_SASL_MECHANISM"), "set KAFKA_SASL_MECHANISM as well"),
        (without("KAFKA_USERNAME"), "set KAFKA_USERNAME as well"),
        (without("KAFKA_PASSWORD"), "set KAFKA_PASSWORD as well"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "set KAFKA_SASL_MECHANISM and KAFKA_USERNAME and KAFKA_PASSWORD"),
        (without("KAFKA_SECURITY_PROTOCOL"), "set KAFKA_SECURITY_PROTOCOL to SASL_SSL"),
        (SASL | {"KAFKA_SECURITY_PROTOCOL": "SSL"}, "not used with KAFKA_SECURITY_PROTOCOL=SSL"),
        (SASL | {"KAFKA_SECURITY_PROTOCOL": "TLS"}, "KAFKA_SECURITY_PROTOCOL: Input should be 'PLAINTEXT', 'SSL'"),
        (SASL | {"KAFKA_SASL_MECHANISM": "GSSAPI"}, "KAFKA_SASL_MECHANISM: Input should be 'PLAIN'"),
        (SASL | {"KAFKA_CA_FILE": "missing.pem"}, "KAFKA_CA_FILE: missing.pem cannot be read: No such file"),
        (SASL | {"KAFKA_CA_FILE": "."}, "KAFKA_CA_FILE: . cannot be read: Is a directory"),
        (SASL | {"KAFKA_CA_FILE": "not.pem"}, "KAFKA_CA_FILE: not.pem holds no certificate: a file in PEM format"),
        ({"KAFKA_CA_FILE": certifi.where()}, "KAFKA_CA_FILE is not used with KAFKA_SECURITY_PROTOCOL=PLAINTEXT"),
        ({"KAFKA_PARTITIONS": "0"}, "KAFKA_PARTITIONS"),
        ({"KAFKA_REPLICATION_FACTOR": "2", "KAFKA_MIN_INSYNC_REPLICAS": "3"}, "nothing could ever be written"),
        (USER | {"ELASTICSEARCH_PASSWORD": ""}, "ELASTICSEARCH_USERNAME needs ELASTICSEARCH_PASSWORD"),
        (USER | {"ELASTICSEARCH_USERNAME": ""}, "ELASTICSEARCH_PASSWORD needs ELASTICSEARCH_USERNAME"),
        (USER | {"ELASTICSEARCH_API_KEY": SECRET}, "set the key, or user and password"),
        ({"ELASTICSEARCH_READ_USERNAME": "reader"}, "ELASTICSEARCH_READ_USERNAME needs ELASTICSEARCH_READ_PASSWORD"),
        ({"ELASTICSEARCH_CA_FILE": "not.pem"}, "ELASTICSEARCH_CA_FILE: not.pem holds no certificate"),
        (
            {"ELASTICSEARCH_CA_FILE": certifi.where(), "ELASTICSEARCH_URL": "http://127.0.0.1:9200"},
            "set ELASTICSEARCH_URL to one with https://",
        ),
        ({"ELASTICSEARCH_URL": "elasticsearch:9200"}, "ELASTICSEARCH_URL: an address such as https://"),
        ({"ELASTICSEARCH_URL": "https://host:port"}, "ELASTICSEARCH_URL: an address such as https://"),
        ({"ELASTICSEARCH_URL": f"https://me:{SECRET}@host"}, "ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD are"),
        ({"ELASTICSEARCH_SHARDS": "0"}, "ELASTICSEARCH_SHARDS"),
        ({"ELASTICSEARCH_REPLICAS": "-1"}, "ELASTICSEARCH_REPLICAS"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do_and_without_a_secret(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, environment)

    assert told in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("https://search.example", "https://search.example:443"),
        ("http://search.example", "http://search.example:80"),
        ("https://search.example:9243/prefix/", "https://search.example:9243/prefix"),
        ("http://[::1]:9200", "http://[::1]:9200"),
    ],
)
def test_an_address_is_used_with_its_port(monkeypatch: pytest.MonkeyPatch, url: str, used: str) -> None:
    assert read(monkeypatch, {"ELASTICSEARCH_URL": url}).elasticsearch_url == used


@pytest.mark.parametrize(
    ("environment", "given_by", "username"),
    [
        ({"ELASTICSEARCH_API_KEY": SECRET}, "ELASTICSEARCH_API_KEY", None),
        (USER, "ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD", "topicreel"),
        (USER | {"ELASTICSEARCH_READ_API_KEY": SECRET}, "ELASTICSEARCH_READ_API_KEY", None),
        (
            {
                "ELASTICSEARCH_API_KEY": SECRET,
                "ELASTICSEARCH_READ_USERNAME": "reader",
                "ELASTICSEARCH_READ_PASSWORD": SECRET,
            },
            "ELASTICSEARCH_READ_USERNAME and ELASTICSEARCH_READ_PASSWORD",
            "reader",
        ),
    ],
)
def test_the_query_api_is_let_in_by_what_is_its_own_first(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], given_by: str, username: str | None
) -> None:
    access = read(monkeypatch, environment | {"ELASTICSEARCH_CA_FILE": certifi.where()}).elasticsearch_access

    assert (access.given_by, access.username) == (given_by, username)
    assert access.ca_file == Path(certifi.where())
    assert SECRET not in repr(access)
