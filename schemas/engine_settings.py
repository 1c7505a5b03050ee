"""Settings of the engines: where Kafka and Elasticsearch are, how they let clients in, and what is made there.

What contradicts itself is refused before any client is made, with the names of the settings.
"""

import ssl
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from schemas.access import ElasticsearchAccess, KafkaAccess, SaslMechanism, SecurityProtocol

_DEFAULT_PORTS = {"http": 80, "https": 443}


def _in_any_case(value: Any) -> Any:  # noqa: ANN401 - whatever the environment or a caller gives
    return value.strip().upper() if isinstance(value, str) else value


def _holds_authorities(path: Path) -> Path:
    path = path.expanduser()
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise ValueError(f"{path} holds no certificate: a file in PEM format is accepted") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    return path


def _is_address(url: str) -> str:
    """The address with its port, which the client wants named."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in _DEFAULT_PORTS or parts.query or parts.fragment:
        raise ValueError("an address such as https://elasticsearch.example:9200 is accepted")
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "an address without user and password is accepted: ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD "
            "are for them"
        )
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port or _DEFAULT_PORTS[parts.scheme]}{parts.path.rstrip('/')}"


CertificateFile = Annotated[Path, AfterValidator(_holds_authorities)]
ElasticsearchUrl = Annotated[str, AfterValidator(_is_address)]


class KafkaSettings(BaseSettings):
    """Where Kafka is, how it lets clients in, and what its topics are made with."""

    kafka_bootstrap_servers: str | None = Field(
        default=None, description="Kafka brokers, `host:port` separated by commas. Empty: the stack's own."
    )
    kafka_security_protocol: Annotated[SecurityProtocol, BeforeValidator(_in_any_case)] = Field(
        default="PLAINTEXT",
        description="How Kafka is spoken to: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`; `SSL` means TLS, "
        "`SASL` a user and a password.",
    )
    kafka_sasl_mechanism: Annotated[SaslMechanism, BeforeValidator(_in_any_case)] | None = Field(
        default=None, description="With SASL: `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`."
    )
    kafka_username: str | None = Field(default=None, description="With SASL: the user, or the key's name.")
    kafka_password: SecretStr | None = Field(default=None, description="With SASL: the user's password.")
    kafka_ca_file: CertificateFile | None = Field(
        default=None,
        description="With TLS: PEM file of the authority that signed the brokers' certificates. "
        "Empty: the authorities of the system.",
    )
    kafka_partitions: int = Field(
        default=6,
        ge=1,
        le=1000,
        description="Partitions of the topics of videos when they are made: the most workers that share the work. "
        "Topics that are there keep theirs.",
    )
    kafka_replication_factor: int | None = Field(
        default=None, ge=1, le=15, description="Replicas of new topics. Empty: the cluster's default."
    )
    kafka_min_insync_replicas: int | None = Field(
        default=None,
        ge=1,
        le=15,
        description="Replicas of new topics that must have a record before it counts as written. "
        "Empty: the cluster's default.",
    )

    @property
    def kafka_access(self) -> KafkaAccess:
        """How Kafka lets this process in."""
        return KafkaAccess(
            self.kafka_security_protocol,
            self.kafka_sasl_mechanism,
            self.kafka_username,
            self.kafka_password,
            self.kafka_ca_file,
        )

    @model_validator(mode="after")
    def _kafka_lets_in(self) -> Self:
        user = {
            "KAFKA_SASL_MECHANISM": self.kafka_sasl_mechanism,
            "KAFKA_USERNAME": self.kafka_username,
            "KAFKA_PASSWORD": self.kafka_password,
        }
        given = [name for name, value in user.items() if value is not None]
        missing = [name for name in user if name not in given]
        protocol = self.kafka_security_protocol
        if self.kafka_access.authenticated and missing:
            raise ValueError(f"KAFKA_SECURITY_PROTOCOL={protocol} needs a user: set {' and '.join(missing)} as well")
        if given and not self.kafka_access.authenticated:
            raise ValueError(
                f"{given[0]} is not used with KAFKA_SECURITY_PROTOCOL={protocol}: set KAFKA_SECURITY_PROTOCOL to "
                "SASL_SSL (or SASL_PLAINTEXT), or leave it out"
            )
        if self.kafka_ca_file is not None and not self.kafka_access.encrypted:
            raise ValueError(
                f"KAFKA_CA_FILE is not used with KAFKA_SECURITY_PROTOCOL={protocol}: set KAFKA_SECURITY_PROTOCOL to "
                "SASL_SSL or SSL, or leave it out"
            )
        return self

    @model_validator(mode="after")
    def _replicas_suffice(self) -> Self:
        replicas, needed = self.kafka_replication_factor, self.kafka_min_insync_replicas
        if replicas is not None and needed is not None and needed > replicas:
            raise ValueError(
                "KAFKA_MIN_INSYNC_REPLICAS is more than KAFKA_REPLICATION_FACTOR: nothing could ever be written"
            )
        return self


class ElasticsearchSettings(BaseSettings):
    """Where Elasticsearch is, how it lets clients in, and what the index is made with."""

    elasticsearch_url: ElasticsearchUrl | None = Field(
        default=None, description="Elasticsearch, as `http://host:port`. Empty: the stack's own."
    )
    elasticsearch_api_key: SecretStr | None = Field(
        default=None, description="API key for Elasticsearch, where security is on."
    )
    elasticsearch_username: str | None = Field(
        default=None, description="User of Elasticsearch, where security is on and no API key is given."
    )
    elasticsearch_password: SecretStr | None = Field(default=None, description="Password of that user.")
    elasticsearch_ca_file: CertificateFile | None = Field(
        default=None,
        description="PEM file of the authority that signed the certificate of an `https` address. "
        "Empty: the authorities of the system.",
    )
    elasticsearch_shards: int = Field(
        default=1, ge=1, le=1024, description="Primary shards of the index when it is made."
    )
    elasticsearch_replicas: int | None = Field(
        default=None,
        ge=0,
        le=15,
        description="Copies of each shard of the index, on other nodes. Empty: none for a new index, and what it has "
        "for one that is there.",
    )

    @property
    def elasticsearch_access(self) -> ElasticsearchAccess:
        """How Elasticsearch lets this process in."""
        return access_by(
            "ELASTICSEARCH",
            self.elasticsearch_api_key,
            self.elasticsearch_username,
            self.elasticsearch_password,
            self.elasticsearch_ca_file,
        )

    @model_validator(mode="after")
    def _elasticsearch_lets_in(self) -> Self:
        check_credentials(
            "ELASTICSEARCH",
            self.elasticsearch_api_key,
            self.elasticsearch_username,
            self.elasticsearch_password,
        )
        if self.elasticsearch_ca_file is not None and (self.elasticsearch_url or "").startswith("http://"):
            raise ValueError(
                "ELASTICSEARCH_CA_FILE is not used with an address that starts with http://: "
                "set ELASTICSEARCH_URL to one with https://, or leave it out"
            )
        return self


def check_credentials(
    prefix: str, api_key: SecretStr | None, username: str | None, password: SecretStr | None
) -> None:
    """Raises ValueError for settings that begin with `prefix` and contradict each other."""
    if (username is None) != (password is None):
        given, missing = ("USERNAME", "PASSWORD") if password is None else ("PASSWORD", "USERNAME")
        raise ValueError(f"{prefix}_{given} needs {prefix}_{missing}: set both or neither")
    if api_key is not None and username is not None:
        raise ValueError(
            f"{prefix}_API_KEY and {prefix}_USERNAME are two ways to be let in: set the key, or user and password"
        )


def access_by(
    prefix: str,
    api_key: SecretStr | None,
    username: str | None,
    password: SecretStr | None,
    ca_file: Path | None,
) -> ElasticsearchAccess:
    """The access by settings that begin with `prefix`, which remembers the names of those."""
    key_name, user_names = f"{prefix}_API_KEY", f"{prefix}_USERNAME and {prefix}_PASSWORD"
    if api_key is not None:
        given_by = key_name
    elif username is not None:
        given_by = user_names
    else:
        given_by = f"{key_name}, or {user_names}"
    return ElasticsearchAccess(given_by, api_key, username, password, ca_file)
