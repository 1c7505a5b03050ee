"""How clients are let in by Kafka and by Elasticsearch. Secrets stay wrapped until a client is made of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Of every client of Kafka. `mechanism`, `username` and `password` are there for the protocols with SASL; without
    a `ca_file` certificates are checked with the authorities of the system."""

    protocol: SecurityProtocol = "PLAINTEXT"
    mechanism: SaslMechanism | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None

    @property
    def encrypted(self) -> bool:
        """Whether clients speak TLS."""
        return self.protocol in ("SSL", "SASL_SSL")

    @property
    def authenticated(self) -> bool:
        """Whether clients name a user."""
        return self.protocol in ("SASL_PLAINTEXT", "SASL_SSL")


@dataclass(frozen=True, slots=True)
class ElasticsearchAccess:
    """Of a client of Elasticsearch: an API key, or a user with a password, or nothing where security is off.

    `given_by` is the setting, or the settings, that the credentials come from, for whoever has to correct them.
    """

    given_by: str = "ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD"
    api_key: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
