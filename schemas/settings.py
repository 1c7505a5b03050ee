"""Settings that several services share. Each service adds its own in its `settings.py`.

Read from the environment and from `.env` in the working directory, then, where SECRETS_DIR names a directory, from
files in it that are named like settings; an empty value counts as not set.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict

from schemas.engine_settings import ElasticsearchSettings, KafkaSettings

StackName = Literal["docker", "native", "embedded"]

EXIT_UNUSABLE_SETTINGS = 2
"""The exit code of a service that will not start as it is set up, however often it is tried."""


class SettingsError(ValueError):
    """Settings that cannot be used; the text names them and what they accept, and holds no value."""


class CommonSettings(KafkaSettings, ElasticsearchSettings):
    """Where the log and the index are, and how they are reached."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        secrets_dir=os.environ.get("SECRETS_DIR") or None,
        extra="ignore",
        frozen=True,
    )

    stack: StackName | None = Field(
        default=None,
        description="How the parts are run: `docker`, `native` or `embedded`. Empty: docker where an engine answers.",
    )
    data_dir: Path = Field(default=Path(".data"), description="Where data, logs and process ids are kept.")
    simulated: bool = Field(
        default=False, description="Set by the demo: every answer and page is labelled as simulated."
    )

    @classmethod
    def read(cls) -> Self:
        """The settings of this process. Raises SettingsError."""
        try:
            return cls()
        except ValidationError as error:
            # `include_input` off: a value may be a secret.
            problems = [_problem(each) for each in error.errors(include_url=False, include_input=False)]
            raise SettingsError("; ".join(problems)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f".env cannot be read: {error}") from error

    @property
    def embedded(self) -> bool:
        """Whether log and index are files in `data_dir` rather than Kafka and Elasticsearch."""
        return self.stack == "embedded"


class WatchedSettings(CommonSettings):
    """Of services that answer nobody, so that a health check has to look for their sign of life."""

    life_sign_file: Path | None = Field(
        default=None, description="File that each round of a service's work touches, for a health check to look at."
    )


def _problem(error: ErrorDetails) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper()
    message = error["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
