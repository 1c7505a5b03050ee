"""Cursors: where the next page of a search begins, as a word that people hand back as it is.

    base64url( check of 6 bytes, JSON of [moment of the first page, digest of the search, *position] )

The check finds a cursor that was changed. It is no signature, for there is nothing to protect: what a made-up cursor
could ask for, a date range asks for too. So no key has to be shared by those who answer, and none ever expires.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any

import orjson

from video_index import Position

_MAX_LENGTH = 200
_CHECK = 6
_MOST_NUMBERS = 3
_LARGEST = 2**63 - 1
_LAST_SECOND = 253_402_300_799
"""Of the year 9999."""

_PAGING = ("page", "limit", "cursor", "facets")
"""Parameters that may be others on the next page."""


class CursorError(ValueError):
    """No cursor to go on from; the text says why."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position of the last result seen, and when its search began: `now` means that moment on every page."""

    began: datetime
    position: Position

    def text(self, given: Mapping[str, str]) -> str:
        """For the search with these parameters."""
        body = orjson.dumps([int(self.began.timestamp()), _search(given), *self.position])
        return urlsafe_b64encode(_check(body) + body).rstrip(b"=").decode()


def read_cursor(text: str, given: Mapping[str, str]) -> Cursor:
    """The cursor that stands in `text`. Raises CursorError when it was changed, or is of another search."""
    raw = _decoded(text)
    check, body = raw[:_CHECK], raw[_CHECK:]
    if check != _check(body):
        raise CursorError("is not a cursor as it was given")
    match _read(body):
        case [int(began), str(search), *position] if _is_position(position) and 0 <= began <= _LAST_SECOND:
            if search != _search(given):
                raise CursorError("is of another search")
            return Cursor(datetime.fromtimestamp(began, UTC), tuple(position))
    raise CursorError("is not a cursor as it was given")


def _read(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return orjson.loads(body)
    except ValueError:
        return None  # whoever made it knows the check


def _is_position(values: list[object]) -> bool:
    return 0 < len(values) <= _MOST_NUMBERS and all(type(each) is int and abs(each) <= _LARGEST for each in values)


def _decoded(text: str) -> bytes:
    if len(text) > _MAX_LENGTH:
        raise CursorError("is too long for a cursor")
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        raise CursorError("is not a cursor as it was given") from None
    if urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise CursorError("is not a cursor as it was given")
    return raw


def _search(given: Mapping[str, str]) -> str:
    """A digest of what is searched for and in which order."""
    asked = sorted((name, value) for name, value in given.items() if name not in _PAGING)
    return blake2s(orjson.dumps(asked), digest_size=6).hexdigest()


def _check(body: bytes) -> bytes:
    return blake2s(body, digest_size=_CHECK, person=b"cursor-1").digest()
