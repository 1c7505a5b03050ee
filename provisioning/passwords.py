"""Passwords for Elasticsearch and Kibana: made once, each a file, and kept beside the data that they guard.

Three directories, for three kinds of readers: what the engines themselves need, what the services that write are let
in with, and what the query API is let in with, which only reads. The engines' files are for their owner alone, as
Elasticsearch demands of a password file.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import PasswordError

ELASTIC = "elastic_password"
KIBANA_SYSTEM = "kibana_system_password"
WRITER = "elasticsearch_password"
READER = "elasticsearch_read_password"
DASHBOARD = "kibana_password"

_ENGINES = (ELASTIC, KIBANA_SYSTEM)
_SERVICES = (WRITER, DASHBOARD)
_READERS = (READER,)
_OWNER_ONLY = 0o400
_OWNER_AND_GROUP = 0o440
_BYTES = 24


@dataclass(frozen=True, slots=True)
class PasswordFiles:
    """The directories of the files; each is named like the setting that it is for."""

    engines: Path
    services: Path
    readers: Path

    def make(self, elastic: str | None = None) -> list[str]:
        """Makes the files that are not there; their names. `elastic` is the password of that user if one is given.

        Raises PasswordError when another one is there already: Elasticsearch keeps the first.
        """
        kept = _read(self.engines / ELASTIC)
        if elastic is not None and kept is not None and elastic != kept:
            raise PasswordError(
                "ELASTIC_PASSWORD is not the password that these data were made with. Nothing was changed. Put the "
                "first one back (in .env, or where else it was set), or leave it out: it is kept with the data"
            )
        wanted = {ELASTIC: elastic} if elastic is not None else {}
        return [
            *_make_missing(self.engines, _ENGINES, wanted, _OWNER_ONLY),
            *_make_missing(self.services, _SERVICES, {}, _OWNER_AND_GROUP),
            *_make_missing(self.readers, _READERS, {}, _OWNER_AND_GROUP),
        ]

    def read(self) -> dict[str, str]:
        """The passwords by the names of their files. Raises PasswordError when one is not there."""
        kinds = ((self.engines, _ENGINES), (self.services, _SERVICES), (self.readers, _READERS))
        found = {name: _read(directory / name) for directory, names in kinds for name in names}
        missing = sorted(name for name, value in found.items() if value is None)
        if missing:
            raise PasswordError(f"there is no file {', '.join(missing)}: they are made by `provisioning passwords`")
        return {name: value for name, value in found.items() if value is not None}


def _make_missing(directory: Path, names: tuple[str, ...], given: Mapping[str, str], mode: int) -> list[str]:
    missing = [name for name in names if _read(directory / name) is None]
    for name in missing:
        _write(directory / name, given.get(name) or secrets.token_urlsafe(_BYTES), mode)
    return missing


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PasswordError(f"{path} cannot be read: {error.strerror}") from None


def _write(path: Path, password: str, mode: int) -> None:
    """In one step: whoever reads finds the whole of it or nothing."""
    aside = path.with_name(f".{path.name}")
    try:
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(password)
            file.flush()
            os.fsync(descriptor)
            os.fchmod(descriptor, mode)
        aside.replace(path)
    except OSError as error:
        raise PasswordError(f"{path} cannot be written: {error.strerror}") from None
