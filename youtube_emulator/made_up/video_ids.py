"""Ids of made-up videos: 11 characters that look like any id, and from which the video can be told again.

The number of a video is mixed by steps that can each be undone: multiplication by an odd number modulo 2^64, and
a shifted exclusive or.
"""

import base64
import binascii

_BITS = 64
_MASK = (1 << _BITS) - 1
_FACTOR = 0x9E37_79B9_7F4A_7C15
_INVERSE = pow(_FACTOR, -1, 1 << _BITS)
_HALF = _BITS // 2


def encode_id(number: int, seed: int) -> str:
    """The id of the video with this number, of 64 bits."""
    mixed = (number ^ seed) & _MASK
    for _ in range(2):
        mixed = mixed * _FACTOR & _MASK
        mixed ^= mixed >> _HALF
    return base64.urlsafe_b64encode(mixed.to_bytes(8)).decode().rstrip("=")


def decode_id(video_id: str, seed: int) -> int | None:
    """The number of the video with this id; None for what is no id."""
    if len(video_id) != 11 or not video_id.isascii():
        return None
    try:
        mixed = int.from_bytes(base64.urlsafe_b64decode(video_id + "="))
    except binascii.Error:
        return None
    for _ in range(2):
        mixed ^= mixed >> _HALF
        mixed = mixed * _INVERSE & _MASK
    number = (mixed ^ seed) & _MASK
    return number if encode_id(number, seed) == video_id else None
