"""Searches YouTube, and bears with it when it fails for a moment."""

from collections.abc import Callable

from producer.answers import SearchPage
from producer.caller import Caller
from producer.clock import Clock
from producer.errors import BurstError, StoppedError, UnavailableError
from producer.outage import Outage
from producer.quota import Bucket
from producer.youtube import SearchRequest, YouTubeClient

_ATTEMPTS = 3

_LONGEST_PATIENCE_S = 5.0
"""A longer pause is left to whoever asked, who has other things to do meanwhile."""

LONGEST_PAUSE_S = 900.0
"""Between two attempts while YouTube fails and the day has searches enough. Each may be counted."""

LONGEST_FREE_PAUSE_S = 30.0
"""Between two attempts that do not even reach YouTube, and so cost nothing."""

OnPage = Callable[[SearchRequest, SearchPage], None]


class Searcher:
    """Searches. `on_page` is told of every page that was found.

    `even_pause_s` gives the seconds between two searches with which the day's would last until its end: an outage
    must not use them up.
    """

    def __init__(
        self,
        *,
        client: YouTubeClient,
        caller: Caller,
        clock: Clock,
        outage: Outage,
        even_pause_s: Callable[[], float],
        on_page: OnPage = lambda _request, _page: None,
    ) -> None:
        self._client = client
        self._caller = caller
        self._clock = clock
        self._outage = outage
        self._even_pause_s = even_pause_s
        self._on_page = on_page

    @property
    def source(self) -> str:
        """The base URL that results are from."""
        return self._client.base_url

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of results; of passing failures a few are borne. Raises what `Caller.call` does."""
        for _ in range(1, _ATTEMPTS):
            try:
                return self._search(request)
            except (UnavailableError, BurstError) as error:
                if self._outage.next_bound_s(self._longest_pause_s(error)) > _LONGEST_PATIENCE_S:
                    raise
                if self._clock.wait(self.pause_after(error)):
                    raise StoppedError from error
        return self._search(request)

    def pause_after(self, error: UnavailableError | BurstError) -> float:
        """Seconds to leave YouTube alone after a failure."""
        return self._outage.failed(error, self._longest_pause_s(error))

    def _search(self, request: SearchRequest) -> SearchPage:
        page = self._caller.call(Bucket.SEARCHES, lambda key: self._client.search(request, key))
        self._outage.over()
        self._on_page(request, page)
        return page

    def _longest_pause_s(self, error: UnavailableError | BurstError) -> float:
        if isinstance(error, UnavailableError) and not error.sent:
            return LONGEST_FREE_PAUSE_S
        # A pause is a part of it, even by chance: of twice the even one, so on average the even one.
        return max(LONGEST_PAUSE_S, 2 * self._even_pause_s())
