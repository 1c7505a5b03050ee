"""Settings of the query API."""

from datetime import datetime
from ipaddress import ip_address
from typing import Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from schemas import parse_utc
from schemas.settings import CommonSettings


class ApiSettings(CommonSettings):
    """What the query API reads from the environment and `.env`."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    api_host: str = Field(default="127.0.0.1", description="Address the query API listens on.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the query API listens on.")
    api_published_on: str | None = Field(
        default=None,
        description="Address of the host that a container's port is published on. Empty: `API_HOST` itself.",
    )
    admin_token: SecretStr | None = Field(
        default=None,
        description="Token that everything which changes state asks for; needed off the loopback address.",
    )
    subjects_since: datetime | None = Field(
        default=None, description="From when on a newly followed subject is looked for. Empty: 7 days before."
    )
    key_check_wait: float = Field(
        default=5.0, ge=0, le=60, description="Seconds to wait for the producer's check of a key that was added."
    )
    encryption_key: SecretStr | None = Field(
        default=None,
        description="Fernet key that API keys are stored encrypted with. Empty: a key file made in `DATA_DIR`.",
    )

    @field_validator("admin_token")
    @classmethod
    def _can_be_sent(cls, value: SecretStr | None) -> SecretStr | None:
        # A header has no white space around its value, which a token out of a file may have.
        token = value.get_secret_value().strip() if value is not None else ""
        return SecretStr(token) if token else None

    @field_validator("subjects_since", mode="before")
    @classmethod
    def _is_iso(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the environment or a caller gives
        try:
            return parse_utc(value) if isinstance(value, str) else value
        except (ValueError, OverflowError):
            raise ValueError("an ISO 8601 date or date-time is accepted, such as 2026-11-24") from None

    @model_validator(mode="after")
    def _guarded_off_loopback(self) -> Self:
        if not self.on_loopback and self.admin_token is None:
            raise ValueError(
                f"API_HOST={self._reached_at} can be reached from other machines: "
                "set ADMIN_TOKEN as well, or use 127.0.0.1"
            )
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self._reached_at == "localhost":
            return True
        try:
            return ip_address(self._reached_at).is_loopback
        except ValueError:
            return False

    @property
    def _reached_at(self) -> str:
        return self.api_published_on or self.api_host
