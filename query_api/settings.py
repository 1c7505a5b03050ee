"""Settings of the query API."""

import logging
import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from schemas.access import ElasticsearchAccess
from schemas.engine_settings import access_by, check_credentials
from schemas.settings import CommonSettings
from schemas.since import Since

_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_ORIGIN = re.compile(r"https?://[a-z0-9_.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?")

_SHORTEST_TOKEN = 16
"""Characters. Random hexadecimal digits are 64 bits then: ten years of 10,000 guesses a second are 42 bits. It has to
be enough by itself, because the right token is let in however many wrong ones came from the same address: others may
share it, and they must not be able to lock the owner out."""

_FEWEST_CHARACTERS = 6
"""Different ones, of which 16 random hexadecimal digits have less once in 30,000 times."""

Names = Annotated[tuple[str, ...], NoDecode]


class ApiSettings(CommonSettings):
    """What the query API reads from the environment and `.env`."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    api_host: str = Field(default="127.0.0.1", description="Address the query API listens on.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the query API listens on.")
    api_published_on: str | None = Field(
        default=None,
        description="Address of the host on which the stack's own gateway is published, the only way to a container, "
        "whose `X-Forwarded-For` is believed. Empty: there is none, and `API_HOST` is what is reached.",
    )
    api_workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes that answer requests, each with rates and listeners of its own.",
    )
    admin_token: SecretStr | None = Field(
        default=None,
        description="Token that everything which changes state asks for; needed off the loopback address. At least "
        "16 random characters, as `openssl rand -hex 16` gives them.",
    )
    allowed_hosts: Names = Field(
        default=(),
        description="Names, separated by commas, under which others reach the API, as a gateway passes them on in "
        "`Host`. This machine's own, and off the loopback address every IP address, need not be told.",
    )
    trusted_proxies: Names = Field(
        default=(),
        description="Addresses or networks, separated by commas, of gateways whose `X-Forwarded-For` is believed.",
    )
    cors_origins: Names = Field(
        default=(),
        description="Origins, separated by commas, whose pages may read the API, as `https://videos.example`; `*` "
        "for all. With an `ADMIN_TOKEN` they may send changes too.",
    )
    searches_per_second: float | None = Field(
        default=None,
        ge=0,
        description="Searches that one client address may make of each process on average, twice as many at once; "
        "0: any number. "
        "Empty: 50 where other machines reach the API, else any number.",
    )
    key_attempts_per_minute: float | None = Field(
        default=None,
        ge=0,
        description="API keys that one client address may try in each process, and wrong admin tokens, of which more "
        "are answered 429; 0: any number. "
        "Empty: 10 where other machines reach the API, else any number.",
    )
    elasticsearch_read_api_key: SecretStr | None = Field(
        default=None,
        description="The query API's own key for Elasticsearch, which needs no more than to read. "
        "Empty: `ELASTICSEARCH_API_KEY`.",
    )
    elasticsearch_read_username: str | None = Field(
        default=None,
        description="The query API's own user of Elasticsearch, in place of a key. Empty: `ELASTICSEARCH_USERNAME`.",
    )
    elasticsearch_read_password: SecretStr | None = Field(default=None, description="Password of that one.")
    allow_private_webhooks: bool = Field(
        default=False,
        description="Whether alerts may be posted to loopback, private and link-local addresses, and without TLS.",
    )
    stream_clients: int = Field(
        default=100, ge=0, description="Clients of each process that may listen to `GET /stream` at once."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level of what the query API logs; each request is a line at `INFO`."
    )
    subjects_since: Since | None = Field(
        default=None, description="From when on a newly followed subject is looked for. Empty: 7 days before."
    )
    key_check_wait: float = Field(
        default=5.0,
        ge=0,
        le=45,  # less than the 60 seconds for which the gateway waits for an answer
        description="Seconds, at most 45, to wait for the producer's check of a key that was added.",
    )
    encryption_key: SecretStr | None = Field(
        default=None,
        description="Fernet key that API keys are stored encrypted with; several, separated by commas, while one "
        "replaces another. Empty: a key file made in `DATA_DIR`.",
    )

    @field_validator("admin_token")
    @classmethod
    def _can_be_sent(cls, value: SecretStr | None) -> SecretStr | None:
        # A header has no white space around its value, which a token out of a file may have.
        token = value.get_secret_value().strip() if value is not None else ""
        if token and (len(token) < _SHORTEST_TOKEN or len(set(token)) < _FEWEST_CHARACTERS):
            raise ValueError(
                f"a token that could be guessed: set at least {_SHORTEST_TOKEN} random characters, "
                "as openssl rand -hex 16 gives them"
            )
        return SecretStr(token) if token else None

    @field_validator("allowed_hosts", "trusted_proxies", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401
        return (
            tuple(part.strip().lower() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_any_case(cls, value: Any) -> Any:  # noqa: ANN401
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("allowed_hosts")
    @classmethod
    def _are_names(cls, names: Names) -> Names:
        if not all(_HOST_NAME.fullmatch(name) for name in names):
            raise ValueError("host names without a port are accepted, such as videos.example,search.example")
        return names

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, networks: Names) -> Names:
        try:
            return tuple(str(ip_network(network)) for network in networks)
        except ValueError:
            raise ValueError("addresses and networks are accepted, such as 10.0.0.7,192.168.1.0/24") from None

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: Names) -> Names:
        if origins != ("*",) and not all(_ORIGIN.fullmatch(origin) for origin in origins):
            raise ValueError("origins without a path are accepted, such as https://videos.example, or * alone")
        return origins

    @model_validator(mode="after")
    def _guarded_off_loopback(self) -> Self:
        if self.on_loopback or self.admin_token is not None:
            return self
        if self._is_loopback:
            raise ValueError(
                "ALLOWED_HOSTS and TRUSTED_PROXIES let other machines in: set ADMIN_TOKEN as well, or neither of them"
            )
        raise ValueError(
            f"API_HOST={self._reached_at} can be reached from other machines: "
            "set ADMIN_TOKEN as well, or use 127.0.0.1"
        )

    @model_validator(mode="after")
    def _reads_as_one(self) -> Self:
        check_credentials(
            "ELASTICSEARCH_READ",
            self.elasticsearch_read_api_key,
            self.elasticsearch_read_username,
            self.elasticsearch_read_password,
        )
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service: by its address, and not through a gateway."""
        return self._is_loopback and not self.allowed_hosts and not self.trusted_proxies

    @property
    def forwarders(self) -> list[str]:
        """Whose `X-Forwarded-For` is believed: addresses and networks, or `*`."""
        # The stack's gateway replaces what the request says, so that nothing is left of what a client made up.
        return ["*"] if self.api_published_on else list(self.trusted_proxies)

    @property
    def names(self) -> frozenset[str]:
        """Names other than `localhost` under which the service answers."""
        return frozenset((*self.allowed_hosts, self._reached_at.lower()))

    @property
    def search_rate(self) -> float:
        """Searches a second of one client; 0 for any number."""
        return self._rate(self.searches_per_second, 50.0)

    @property
    def attempt_rate(self) -> float:
        """Attempts a minute of one client; 0 for any number."""
        return self._rate(self.key_attempts_per_minute, 10.0)

    @property
    def level(self) -> int:
        """`log_level` as `logging` counts it."""
        return logging.getLevelNamesMapping()[self.log_level]

    @property
    def elasticsearch_access(self) -> ElasticsearchAccess:
        """How Elasticsearch lets this service in, which never writes: as its own user if it has one."""
        key, user = self.elasticsearch_read_api_key, self.elasticsearch_read_username
        if key is None and user is None:
            return super().elasticsearch_access
        return access_by(
            "ELASTICSEARCH_READ", key, user, self.elasticsearch_read_password, self.elasticsearch_ca_file
        )

    def _rate(self, given: float | None, for_others: float) -> float:
        if given is not None:
            return given
        return 0.0 if self.on_loopback else for_others

    @property
    def _is_loopback(self) -> bool:
        if self._reached_at == "localhost":
            return True
        try:
            return ip_address(self._reached_at).is_loopback
        except ValueError:
            return False

    @property
    def _reached_at(self) -> str:
        return self.api_published_on or self.api_host
