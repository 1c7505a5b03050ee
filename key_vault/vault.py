"""One secret per installation: from `ENCRYPTION_KEY`, or a file of mode 600 made at the first start.

VaultError           the secret is unusable, or a stored key was encrypted with another secret
└── InvalidKeyError  what was given cannot be a YouTube API key
"""

import contextlib
import hashlib
import hmac
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from schemas import ApiKey

SECRET_FILE = "encryption.key"  # noqa: S105 - the name of the file, not its content

_PLAUSIBLE = re.compile(r"[A-Za-z0-9_\-]{8,128}")


class VaultError(Exception):
    """The encryption secret cannot be used; the text says what to do."""


class InvalidKeyError(VaultError):
    """What was given cannot be a YouTube API key. The text never holds it, but `problem` and `accepted`."""

    problem = "not a YouTube API key"
    accepted = (
        "8 to 128 letters, digits, '-' and '_', "
        "as shown under APIs & Services > Credentials in the Google Cloud console"
    )

    def __init__(self) -> None:
        super().__init__(f"{self.problem}: accepted are {self.accepted}")


def check_key(key: str) -> str:
    """The key without the white space around it. Raises InvalidKeyError for what cannot be a key."""
    key = key.strip()
    if not _PLAUSIBLE.fullmatch(key):
        raise InvalidKeyError
    return key


class KeyVault:
    """Encrypts and decrypts API keys and other secrets, and recognises keys.

    `secret` is a Fernet key, or several, separated by commas, while one takes the place of another: the first
    encrypts, every one decrypts, and by the last keys are recognised, so that they keep their ids and the quota that
    was counted under these. Raises ValueError for no Fernet key.
    """

    def __init__(self, secret: bytes) -> None:
        secrets = [each.strip() for each in secret.split(b",")]
        fernets = [Fernet(each) for each in secrets]
        self._newest = fernets[0]
        self._fernet = MultiFernet(fernets)
        self._secret = secrets[-1]

    @classmethod
    def open(cls, data_dir: Path, secret: SecretStr | None = None) -> Self:
        """The vault of `secret`, or of the secret file in `data_dir`, which is made when there is none.

        Raises VaultError.
        """
        if secret is not None:
            return cls._of(
                secret.get_secret_value().encode(),
                "ENCRYPTION_KEY is not a Fernet key: 32 bytes in URL-safe base64 are accepted "
                "(made by: openssl rand -base64 32 | tr +/ -_)",
            )
        path = data_dir / SECRET_FILE
        return cls._of(
            _read_or_make(path),
            f"the encryption secret {path} is damaged: bring back a copy, or remove it and add the API keys again",
        )

    @classmethod
    def _of(cls, secret: bytes, complaint: str) -> Self:
        try:
            return cls(secret)
        except ValueError:
            # Not its text, nor the error it came from: they may quote the secret.
            raise VaultError(complaint) from None

    def seal(
        self,
        key: str,
        *,
        source: Literal["api", "environment"],
        added_at: datetime,
        project: str | None = None,
    ) -> ApiKey:
        """The record of a key, with the key encrypted. Raises InvalidKeyError for what cannot be a key."""
        key = check_key(key)
        key_id = self.recognise(key)
        return ApiKey(
            id=key_id,
            project=project or key_id,
            encrypted=self._fernet.encrypt(key.encode()).decode(),
            masked=f"…{key[-4:]}",
            source=source,
            added_at=added_at,
        )

    def reveal(self, api_key: ApiKey) -> SecretStr:
        """The key itself. Raises VaultError when it was encrypted with another secret."""
        try:
            return SecretStr(self._fernet.decrypt(api_key.encrypted.encode()).decode())
        except InvalidToken:
            raise VaultError(
                f"key {api_key.masked} was encrypted with another secret: add it again, or bring back the "
                f"ENCRYPTION_KEY or the file {SECRET_FILE} it was stored with"
            ) from None

    def encrypt(self, text: str) -> str:
        """Any other secret as a token that only `decrypt` reads."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> SecretStr:
        """What `encrypt` was given. Raises VaultError when it was encrypted with another secret."""
        try:
            return SecretStr(self._fernet.decrypt(token.encode()).decode())
        except InvalidToken:
            raise VaultError(
                "it was encrypted with another secret: make it again, or bring back the ENCRYPTION_KEY or the file "
                f"{SECRET_FILE} it was stored with"
            ) from None

    def renewed(self, token: str) -> str | None:
        """The token encrypted with the first secret; None for one that is already. Raises VaultError as `decrypt`."""
        try:
            self._newest.decrypt(token.encode())
        except InvalidToken:
            return self.encrypt(self.decrypt(token).get_secret_value())
        return None

    def recognise(self, key: str) -> str:
        """The id of a key: the same for the same key, and of no use without the secret."""
        return hmac.new(self._secret, key.strip().encode(), hashlib.sha256).hexdigest()[:16]


def _read_or_make(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_bytes().strip()
    except OSError as error:
        raise VaultError(f"the encryption secret {path} cannot be read or made: {error.strerror}") from error


def _make(path: Path) -> None:
    # Written aside and linked into place: a crash leaves no half file, and of several services that start at the
    # same moment all read the one that came first. mkstemp makes files of mode 600.
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()
