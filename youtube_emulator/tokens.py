"""Page tokens as YouTube writes them: `CAUQAA` is "from result 5 on", `CDIQAA` "from result 50 on".

A token is a protobuf message in URL-safe base64 without padding: field 1 (tag 0x08) holds the offset as a varint,
field 2 (tag 0x10) a direction, 0 for the page that starts at the offset and 1 for the page that ends there. This
was worked out from captured tokens.
"""

import base64
import binascii
from dataclasses import dataclass

_OFFSET_TAG = 0x08
_DIRECTION_TAG = 0x10
_MAX_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list of results, and whether a page ends there (`backwards`) or starts."""

    offset: int
    backwards: bool = False

    def start(self, page_size: int) -> int:
        """The number of the page's first result."""
        return max(0, self.offset - page_size) if self.backwards else self.offset


def encode(place: Place) -> str:
    """The page token."""
    message = bytes((_OFFSET_TAG, *_varint(place.offset), _DIRECTION_TAG, int(place.backwards)))
    return base64.urlsafe_b64encode(message).decode().rstrip("=")


def decode(token: str) -> Place:
    """The place that a token names. Raises ValueError for what `encode` never gives."""
    if len(token) > _MAX_LENGTH or not token.isascii():
        raise ValueError("no page token")
    try:
        message = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except binascii.Error:
        raise ValueError("no page token") from None
    if len(message) < 4 or message[0] != _OFFSET_TAG or message[-2] != _DIRECTION_TAG:
        raise ValueError("no page token")
    offset = sum((byte & 0x7F) << (7 * position) for position, byte in enumerate(message[1:-2]))
    place = Place(offset, backwards=message[-1] == 1)
    if encode(place) != token:
        raise ValueError("no page token")
    return place


def _varint(value: int) -> list[int]:
    encoded = []
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return [*encoded, value]
