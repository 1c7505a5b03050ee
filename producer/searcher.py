"""Searches YouTube, and spends nothing that is not in the ledger.

choose a key ─► reserve the search (durable) ─► call ─► a page
     ▲                                            │
     └── the key is refused, or its day is over ──┘
"""

from pydantic import SecretStr

from key_vault import KeyVault, VaultError
from observability import event_logger
from producer.answers import SearchPage
from producer.clock import Clock
from producer.errors import (
    BurstError,
    DayQuotaError,
    KeyRefusedError,
    NoSearchLeftError,
    StoppedError,
    UnavailableError,
)
from producer.keys import choose_key, usable_keys
from producer.outage import Outage
from producer.quota import SearchLimit, exhaust_searches, give_back_search, ledger_of_today, reserve_search
from producer.state import Notebook, Wishes
from producer.youtube import SearchRequest, YouTubeClient
from schemas import ApiKey, KeyHealth, ProjectQuota

logs = event_logger("producer")

_ATTEMPTS = 3

LONGEST_PAUSE_S = 900.0
"""Between two attempts while YouTube fails. Each may be counted: an outage must not eat up the day."""

LONGEST_FREE_PAUSE_S = 30.0
"""Between two attempts that do not even reach YouTube, and so cost nothing."""


class Searcher:
    """Searches with whichever key may search now, and notes what that shows of keys and quota."""

    def __init__(
        self,
        *,
        client: YouTubeClient,
        vault: KeyVault,
        wishes: Wishes,
        notebook: Notebook,
        limit: SearchLimit,
        clock: Clock,
        outage: Outage,
    ) -> None:
        self._client = client
        self._vault = vault
        self._wishes = wishes
        self._notebook = notebook
        self._limit = limit
        self._clock = clock
        self._outage = outage

    @property
    def source(self) -> str:
        """The base URL that results are from."""
        return self._client.base_url

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of results; of passing failures a few are borne.

        Raises NoSearchLeftError, StoppedError, LogError, or the SearchError that is left to the caller:
        UnavailableError, BurstError, RequestRefusedError or PageTokenError.
        """
        for _ in range(1, _ATTEMPTS):
            try:
                return self._search(request)
            except (UnavailableError, BurstError) as error:
                if self._clock.wait(self.pause_after(error)):
                    raise StoppedError from error
        return self._search(request)

    def pause_after(self, error: UnavailableError | BurstError) -> float:
        """Seconds to leave YouTube alone after a failure."""
        free = isinstance(error, UnavailableError) and not error.sent
        return self._outage.failed(error, LONGEST_FREE_PAUSE_S if free else LONGEST_PAUSE_S)

    def _search(self, request: SearchRequest) -> SearchPage:
        while True:
            if self._clock.stopped:
                raise StoppedError
            key = self._choose_key()
            secret = self._reveal(key)
            if secret is None:
                continue
            page = self._try_key(key, secret, request)
            if page is not None:
                self._outage.over()
                return page

    def _choose_key(self) -> ApiKey:
        usable = usable_keys(self._wishes.keys.values(), self._notebook.health)
        key = choose_key(usable, self._notebook.quotas, self._limit, self._clock.now())
        if key is None:
            raise NoSearchLeftError
        return key

    def _reveal(self, key: ApiKey) -> SecretStr | None:
        try:
            return self._vault.reveal(key)
        except VaultError as error:
            self._retire(key, str(error))
            return None

    def _try_key(self, key: ApiKey, secret: SecretStr, request: SearchRequest) -> SearchPage | None:
        """None when another key has to be tried."""
        reserved = self._reserve(key.project)
        try:
            return self._client.search(request, secret)
        except KeyRefusedError as error:
            self._retire(key, str(error))
        except DayQuotaError as error:
            self._notebook.write(exhaust_searches(reserved, self._clock.now()))
            logs.warning("quota_used_up", key=key.masked, counted_here=reserved.searches, reason=error)
        except UnavailableError as error:
            if not error.sent:
                self._notebook.write(give_back_search(reserved))
            raise
        return None

    def _reserve(self, project: str) -> ProjectQuota:
        ledger = ledger_of_today(self._notebook.quotas.get(project), project, self._clock.now())
        reserved = reserve_search(ledger)
        self._notebook.write(reserved)
        return reserved

    def _retire(self, key: ApiKey, reason: str) -> None:
        # Whoever added it may have a clock that is ahead; retired before it was added, it would be tried for ever.
        retired_at = max(self._clock.now(), key.added_at)
        self._notebook.write(KeyHealth(id=key.id, retired_at=retired_at, retired_reason=reason))
        logs.error("key_retired", key=key.masked, reason=reason)
