"""Whether the secrets of a backup can be read where it is brought back."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from operations.errors import RefusedError
from schemas import Alert, ApiKey

Reads: TypeAlias = Callable[[ApiKey | Alert], bool]
"""Whether the secret at hand reads what a record has encrypted."""


def secret_in(key: str, value: bytes) -> ApiKey | Alert | None:
    """What a record of the control topic or of alerts holds that is encrypted; None where nothing is."""
    if key.startswith("api-key/"):
        return ApiKey.model_validate_json(value)
    return Alert.model_validate_json(value) if key.startswith("alert/") else None


def check_secrets(records: Iterable[tuple[str, bytes]], reads: Reads) -> None:
    """Raises RefusedError unless all that these records, given by key and value, have encrypted can be read."""
    found = [secret for key, value in records if (secret := secret_in(key, value))]
    unreadable = [secret for secret in found if not reads(secret)]
    if unreadable:
        raise RefusedError(
            f"{len(unreadable)} API keys and alerts of this backup were encrypted with another secret: bring "
            "back the ENCRYPTION_KEY or the file encryption.key of the installation it is from, or say "
            "--without-secret: they have to be added again then"
        )
