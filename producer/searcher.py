"""Searches YouTube, and says how long to leave it alone when it fails."""

from collections.abc import Callable
from datetime import datetime

from producer.answers import SearchPage
from producer.caller import Caller
from producer.errors import BurstError, UnavailableError
from producer.outage import Outage
from producer.quota import Bucket
from producer.reach import CallPurpose
from producer.youtube import SearchRequest, YouTubeClient

LONGEST_PAUSE_S = 900.0
"""Between two attempts while YouTube fails and the day has calls enough. Each may be counted."""

LONGEST_FREE_PAUSE_S = 30.0
"""Between two attempts that do not even reach YouTube, and so cost nothing."""

OnPage = Callable[[SearchRequest, SearchPage], None]


class Searcher:
    """Searches. `on_page` is told of every page that was found."""

    def __init__(
        self,
        *,
        client: YouTubeClient,
        caller: Caller,
        outage: Outage,
        on_page: OnPage = lambda _request, _page: None,
    ) -> None:
        self._client = client
        self._caller = caller
        self._outage = outage
        self._on_page = on_page

    @property
    def source(self) -> str:
        """The base URL that results are from."""
        return self._client.base_url

    def search(self, request: SearchRequest, asked: CallPurpose) -> SearchPage:
        """One page of results, for the poll that `asked` names.

        Raises what `Caller.call` does; a failure that may pass is left to the caller.
        """
        page = self._caller.call(Bucket.SEARCHES, asked, lambda key: self._client.search(request, key))
        self._outage.over()
        self._on_page(request, page)
        return page

    def pause_after(
        self, error: UnavailableError | BurstError, searches_left: int, resets_at: datetime, now: datetime
    ) -> float:
        """Seconds to leave YouTube alone after a failure, so that an outage does not use up the searches left."""
        to_reset_s = (resets_at - now).total_seconds()
        # A pause is a part of the longest, even by chance: of twice the even one, so on average the even one.
        even_s = min(to_reset_s, 2 * to_reset_s / max(searches_left, 1))
        return self._outage.failed(error, longest_pause_s(error, even_s))


def longest_pause_s(error: UnavailableError | BurstError, even_s: float = 0.0) -> float:
    """The longest pause after such a failure; `even_s` if that is longer and the attempt may have been counted."""
    if isinstance(error, UnavailableError) and not error.sent:
        return LONGEST_FREE_PAUSE_S
    return max(LONGEST_PAUSE_S, even_s)
