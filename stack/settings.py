"""Settings of the stack. What the services need beyond these they read themselves."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr

from schemas.settings import CommonSettings, SettingsError
from stack.errors import RefusedError
from stack.ports import EVERYWHERE, LOOPBACK

DATA_DIR = Path(".data")
DEMO_DATA_DIR = Path(".data-demo")

SEARCHES_PER_DAY = 100_000
"""What the emulator allows in the demo: nobody wants to wait for midnight to see more of it."""


class StackSettings(CommonSettings):
    """What `python -m stack` reads from the environment and `.env`."""

    api_host: str = Field(default="127.0.0.1", description="Address the query API listens on.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the query API listens on.")
    admin_token: SecretStr | None = Field(
        default=None,
        description="Token that everything which changes state asks for; needed off the loopback address.",
    )
    youtube_api_keys: SecretStr | None = Field(default=None, description="API keys, separated by commas.")
    subjects: str | None = Field(default=None, description="Subjects to follow, separated by `;`.")
    subjects_since: str | None = Field(
        default=None, description="From when on subjects are followed, as an ISO date. Empty: 7 days before."
    )
    poll_interval: str | None = Field(
        default=None, description="Seconds between polls of a subject. Empty: chosen from the quota."
    )
    catalogue: Path | None = Field(
        default=None,
        description="Demo: JSON lines (plain or .gz) of the videos to simulate. Empty: made up from a seed.",
    )
    elastic_password: SecretStr | None = Field(
        default=None,
        description="With `STACK=docker`: password of Elasticsearch's user `elastic`, with which people enter "
        "Kibana. `make up` makes one and adds it to `.env`. Empty: one is made and kept with the data.",
    )
    engines_dir: Path = Field(
        default=Path(".engines"), description="Where `STACK=native` keeps the engines it downloads."
    )
    backup_dir: Path = Field(
        default=Path("backups"),
        description="Where backups are written; `STACK=native` keeps snapshots of its Elasticsearch there as well.",
    )
    kafka_heap_mb: int = Field(default=512, ge=128, description="Heap of the native Kafka broker, in MB.")
    elasticsearch_heap_mb: int = Field(
        default=512, ge=256, description="Heap of the native Elasticsearch node, in MB."
    )

    @classmethod
    def read(cls) -> Self:
        """The settings of this process. Raises RefusedError with the names and what they accept."""
        try:
            return super().read()
        except SettingsError as error:
            raise RefusedError(f"settings cannot be used: {error}") from None

    @property
    def data_dir_given(self) -> bool:
        """Whether the user chose DATA_DIR."""
        return "data_dir" in self.model_fields_set

    @property
    def simulated_catalogue(self) -> str | None:
        """The absolute path of the file that the emulator serves, or None where it serves none."""
        return str(self.catalogue.expanduser().resolve()) if self.simulated and self.catalogue else None

    def for_children(self) -> dict[str, str]:
        """What processes started for this stack find in their environment, whatever `.env` says."""
        keys = self.youtube_api_keys.get_secret_value() if self.youtube_api_keys else None
        values = {
            "STACK": self.stack,
            "DATA_DIR": str(self.data_dir.expanduser().resolve()),
            "BACKUP_DIR": str(self.backup_dir.expanduser().resolve()),
            "API_HOST": self.api_host,
            "API_PORT": str(self.api_port),
            "SIMULATED": "1" if self.simulated else "0",
            "CATALOGUE": self.simulated_catalogue,
            "YOUTUBE_API_KEYS": keys,
            "SUBJECTS": self.subjects,
            "SUBJECTS_SINCE": self.subjects_since,
            "POLL_INTERVAL": self.poll_interval,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def api_url(self) -> str:
        """Where the query API is reached from this machine."""
        host = {EVERYWHERE: LOOPBACK, "::": "::1"}.get(self.api_host, self.api_host)
        return f"http://[{host}]:{self.api_port}" if ":" in host else f"http://{host}:{self.api_port}"
