"""Settings of operations."""

from pathlib import Path

from pydantic import Field, SecretStr

from schemas.settings import CommonSettings


class OperationsSettings(CommonSettings):
    """What `python -m operations` reads from the environment and `.env`."""

    backup_dir: Path = Field(
        default=Path("backups"),
        description="Where backups are written; `STACK=native` keeps snapshots of its Elasticsearch there as well.",
    )
    encryption_key: SecretStr | None = None
