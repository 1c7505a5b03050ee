"""What can go wrong when YouTube is asked.

ProducerError
├── SearchError               a call brought no results
│   ├── UnavailableError      YouTube, or the way to it, is down
│   ├── BurstError            too many calls within a short time
│   ├── DayQuotaError         the project has used up the bucket of the day
│   ├── KeyRefusedError       the key is invalid, restricted, or its project may not search
│   ├── RequestRefusedError   YouTube does not accept the request
│   └── PageTokenError        YouTube does not accept the page token
├── NoCallLeftError           no key may make such a call now
├── UnusableAnswersError      the results do not fit the request
└── StoppedError              the service was asked to stop

No text holds a key.
"""


class ProducerError(Exception):
    """Base of everything the producer raises."""


class SearchError(ProducerError):
    """A call brought no results; the text says why. `project_number` is the key's project, if YouTube named it."""

    project_number: str | None = None


class UnavailableError(SearchError):
    """YouTube, or the way to it, is down: the same search may succeed later.

    `sent` is whether the request may have reached YouTube, which then may have counted it.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class BurstError(SearchError):
    """Too many calls within a short time: the same project may call again after a pause."""


class DayQuotaError(SearchError):
    """The project has used up the call's bucket until midnight Pacific time."""


class KeyRefusedError(SearchError):
    """The key will not be accepted until a person acts; the text is YouTube's reason and what to do."""


class RequestRefusedError(SearchError):
    """YouTube will never accept this request. `parameter` is the one it names, if any."""

    def __init__(self, reason: str, *, parameter: str | None = None) -> None:
        super().__init__(f"parameter {parameter}: {reason}" if parameter else reason)
        self.parameter = parameter


class PageTokenError(SearchError):
    """YouTube does not accept the page token it gave: the rest of the window has to be asked for anew."""


class NoCallLeftError(ProducerError):
    """No key is left that may make such a call now."""


class UnusableAnswersError(ProducerError):
    """The results do not fit the request, again and again: nothing can be said to be complete."""


class StoppedError(ProducerError):
    """The service was asked to stop; nothing of the work at hand counts as done."""
