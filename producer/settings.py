"""Settings of the producer."""

from datetime import timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from key_vault import InvalidKeyError, check_key
from producer.polls import Pacing
from producer.quota import Limit, Limits
from schemas import subject_id
from schemas.settings import WatchedSettings
from schemas.since import Since

YOUTUBE = "https://www.googleapis.com/youtube/v3"
_YEAR_S = 365 * 24 * 3600


class ProducerSettings(WatchedSettings):
    """What the producer reads from the environment and `.env`."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    youtube_api_url: str = Field(default=YOUTUBE, description="Base URL of the API; ends in `/youtube/v3`.")
    youtube_api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="API keys, separated by commas. YouTube's rules allow one client one project: several keys are "
        "for replacing one, or for who holds an exemption.",
    )
    subjects: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Subjects to follow, as queries of YouTube's search, separated by `;`."
    )
    subjects_since: Since | None = Field(
        default=None,
        description="ISO 8601 date or date-time from which on videos are looked for. "
        "Empty: 7 days before a subject is first followed.",
    )
    poll_interval: int | None = Field(
        default=None,
        ge=1,
        le=_YEAR_S,
        description="Seconds between two polls of a subject. Empty: chosen from the quota.",
    )
    poll_overlap: int = Field(
        default=7200,
        ge=0,
        le=_YEAR_S,
        description="Seconds of the newest past that each poll searches again for late videos.",
    )
    searches_per_day: int = Field(default=100, ge=1, description="A project's daily bucket of searches.")
    search_cost: int = Field(default=1, ge=1, description="What one search takes out of that bucket.")
    units_per_day: int = Field(default=10_000, ge=1, description="A project's daily bucket of all other calls.")
    lookup_cost: int = Field(default=1, ge=1, description="What one call other than a search takes out of that.")
    backfill_share: float = Field(
        default=0.2,
        ge=0,
        le=0.9,
        description="Part of the day's searches set aside for the past of subjects, while there is some to fetch. "
        "0: only what live polls leave over.",
    )
    follow_channels: bool = Field(
        default=True, description="Whether channels seen to publish on a subject are followed through their uploads."
    )
    encryption_key: SecretStr | None = Field(
        default=None,
        description="Fernet key that API keys are stored encrypted with; several, separated by commas, while one "
        "replaces another. Empty: a key file made in `DATA_DIR`.",
    )

    @property
    def pacing(self) -> Pacing:
        """How polls follow each other."""
        interval = None if self.poll_interval is None else timedelta(seconds=self.poll_interval)
        return Pacing(interval, timedelta(seconds=self.poll_overlap), self.backfill_share)

    @property
    def limits(self) -> Limits:
        """What a project may spend on a day."""
        return Limits(Limit(self.searches_per_day, self.search_cost), Limit(self.units_per_day, self.lookup_cost))

    @field_validator("youtube_api_url")
    @classmethod
    def _is_base_url(cls, url: str) -> str:
        parts = urlsplit(url)
        plain = (
            parts.hostname
            and parts.port != 0
            and not (parts.username or parts.password or parts.query or parts.fragment)
        )
        if parts.scheme not in ("http", "https") or not plain or not url.isprintable() or " " in url:
            raise ValueError(f"a base URL such as {YOUTUBE} is accepted, without user, query or fragment")
        return url.rstrip("/")

    @field_validator("youtube_api_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the environment or a caller gives
        if not isinstance(value, str):
            return value
        try:
            return tuple(dict.fromkeys(check_key(key) for key in value.split(",") if key.strip()))
        except InvalidKeyError as error:
            raise ValueError(str(error)) from error

    @field_validator("subjects", mode="before")
    @classmethod
    def _split_subjects(cls, value: Any) -> Any:  # noqa: ANN401
        queries = value.split(";") if isinstance(value, str) else value
        return tuple({subject_id(query): " ".join(query.split()) for query in queries if query.strip()}.values())

    @model_validator(mode="after")
    def _affords_a_search(self) -> Self:
        if self.search_cost > self.searches_per_day:
            raise ValueError("SEARCH_COST is more than SEARCHES_PER_DAY: no search could ever be made")
        if self.lookup_cost > self.units_per_day:
            raise ValueError("LOOKUP_COST is more than UNITS_PER_DAY: no video could ever be looked up")
        return self
