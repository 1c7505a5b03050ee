"""Chance that comes out the same each time: numbers that are a function of a seed and of what they are for."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_RANGE = 1 << 64


def number(*what: object) -> int:
    """A number of 64 bits that only depends on `what`."""
    return int.from_bytes(hashlib.blake2b(repr(what).encode(), digest_size=8).digest())


def share(*what: object) -> float:
    """A number of [0, 1) that only depends on `what`."""
    return number(*what) / _RANGE


class Dice:
    """A row of throws that only depends on `what`. Good for some 400 bits."""

    __slots__ = ("_left",)

    def __init__(self, *what: object) -> None:
        self._left = int.from_bytes(hashlib.blake2b(repr(what).encode()).digest())

    def below(self, limit: int) -> int:
        """One of 0 … `limit` - 1."""
        self._left, value = divmod(self._left, limit)
        return value

    def one_of(self, choices: Sequence[_T]) -> _T:
        """One of the choices."""
        return choices[self.below(len(choices))]
