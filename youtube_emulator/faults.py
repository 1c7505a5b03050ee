"""Trouble on purpose: errors, slowness and pages that are not what they should be.

What befalls a request depends on the seed and on how many requests came before it, so a run can be repeated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from youtube_emulator.chance import Dice, share

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FaultRates:
    """How often, from 0 to 1, requests are answered by an error, `slow_by_s` seconds late, or by a wrong page.

    `refused_tokens` is how often a good page token is refused, as happens to long playlists and searches.
    """

    errors: float = 0.0
    slow: float = 0.0
    slow_by_s: float = 3.0
    wrong_pages: float = 0.0
    refused_tokens: float = 0.0


@dataclass(frozen=True, slots=True)
class ServerError:
    """An answer of YouTube's servers themselves; without `described` its body is not JSON."""

    status: int
    described: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A page as it should be, and what to make a wrong one of: the page before, and results outside the window.

    `size` is how many results a page may have.
    """

    page: Sequence[Item]
    more: bool
    size: int = 50
    before: Sequence[Item] = ()
    strangers: Sequence[Item] = ()


WrongPage = Callable[[Offer, Dice], Offer]


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls one request."""

    error: ServerError | None = None
    delay_s: float = 0.0
    wrong_page: WrongPage | None = None
    dice: Dice | None = None
    token_refused: bool = False


class Faults:
    """Decides what befalls one request after the other."""

    def __init__(self, rates: FaultRates, seed: int) -> None:
        self._rates = rates
        self._seed = seed
        self._requests = 0

    def next_fate(self) -> Fate:
        """What befalls the next request."""
        self._requests += 1
        return fate(self._rates, self._seed, self._requests)


def fate(rates: FaultRates, seed: int, request: int) -> Fate:
    """What befalls the request with this number."""
    dice = Dice(seed, "fate", request)
    error = dice.one_of(_ERRORS) if _happens(rates.errors, seed, "error", request) else None
    delay = rates.slow_by_s if _happens(rates.slow, seed, "slow", request) else 0.0
    wrong = dice.one_of(WRONG_PAGES) if _happens(rates.wrong_pages, seed, "page", request) else None
    return Fate(error, delay, wrong, dice, _happens(rates.refused_tokens, seed, "token", request))


def empty(offer: Offer, _dice: Dice) -> Offer:
    """No results, though there are some, here and further on."""
    return Offer((), offer.more)


def repeated(offer: Offer, _dice: Dice) -> Offer:
    """The page before, once more; the first page has none before it."""
    return Offer(offer.before or offer.page, offer.more)


def token_lost(offer: Offer, _dice: Dice) -> Offer:
    """No token, though there is more."""
    return Offer(offer.page, more=False)


def strangers_inside(offer: Offer, dice: Dice) -> Offer:
    """Results that were published outside of the window, among the others: of a full page they push the last ones
    out, which are on no other."""
    page = list(offer.page)
    for stranger in offer.strangers:
        page.insert(dice.below(len(page) + 1), stranger)
    return Offer(page[: offer.size], offer.more)


def out_of_order(offer: Offer, dice: Dice) -> Offer:
    """Some results stand a few places from where they should."""
    page = list(offer.page)
    for _ in range(3):
        if len(page) > 1:
            place = dice.below(len(page))
            page.insert(max(0, place - 1 - dice.below(3)), page.pop(place))
    return Offer(page, offer.more)


WRONG_PAGES: tuple[WrongPage, ...] = (empty, repeated, token_lost, strangers_inside, out_of_order)

_ERRORS = tuple(ServerError(status, described) for status in (500, 502, 503) for described in (True, False))


def _happens(rate: float, *what: object) -> bool:
    return rate > 0 and share(*what) < rate
