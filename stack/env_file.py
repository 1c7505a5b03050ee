"""Keeps in `.env`, where people find it, what is decided here."""

import os
import secrets
from pathlib import Path

from pydantic_settings import DotEnvSettingsSource

from schemas.settings import CommonSettings
from stack.console import Say
from stack.errors import StackError

_MODE = 0o600
_BYTES = 24


def add_missing(path: Path, name: str, say: Say) -> str:
    """Makes a secret, adds it to the file, which is then for its owner alone, and gives it.

    What stands in the file stays as it is; a later line of a name is the one that counts. Raises StackError.
    """
    secret = secrets.token_urlsafe(_BYTES)
    add(path, name, secret)
    say(f"made a password and added it to {path}, which only you can read: {name}")
    return secret


def add(path: Path, name: str, value: str) -> None:
    """Adds a line to the file, which is then for its owner alone. Raises StackError."""
    try:
        there = path.read_bytes() if path.exists() else b""
        separator = b"" if not there or there.endswith(b"\n") else b"\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _MODE)
        with os.fdopen(descriptor, "ab") as file:
            os.fchmod(descriptor, _MODE)
            file.write(separator + f"{name}={value}\n".encode())
    except OSError as error:
        raise StackError(f"{path} cannot be written, to keep {name} in: {error.strerror}") from None


def read_value(path: Path, name: str) -> str | None:
    """What the file says of a name, read as the services read it; None where it says nothing."""
    return DotEnvSettingsSource(CommonSettings, env_file=path).env_vars.get(name.lower()) or None
