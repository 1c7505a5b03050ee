"""Polls one window of one subject: searches it, publishes what is found, then notes what is complete.

The order of writes is the guarantee: the raw results of a page are acknowledged by the log before the progress
that counts them as complete is written. A crash between the two repeats a page and never skips one.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from event_log import NewRecord
from observability import event_logger
from producer.answers import SearchPage
from producer.clock import Clock
from producer.errors import PageTokenError, UnusableAnswersError
from producer.paging import Abandoned, Complete, Decision, Narrowed, NextPage, Pass, Retry
from producer.publisher import Publisher
from producer.schedule import Kind, Poll
from producer.searcher import Searcher
from producer.state import Notebook
from producer.windows import subtract, union, until
from producer.youtube import SearchRequest
from schemas import RAW, RawContext, SubjectProgress, Window, format_utc

logs = event_logger("producer")


@dataclass(frozen=True, slots=True)
class PollReport:
    """What a poll did: pages asked for, results published, and what of its window is complete."""

    pages: int
    items: int
    covered: Window


class Poller:
    """Carries out polls, one at a time."""

    def __init__(self, publisher: Publisher, searcher: Searcher, notebook: Notebook, clock: Clock) -> None:
        self._publisher = publisher
        self._searcher = searcher
        self._notebook = notebook
        self._clock = clock

    def poll(self, poll: Poll) -> PollReport:
        """Searches until something of the window is complete; what is left of it is a gap for a later poll.

        Raises UnusableAnswersError when that cannot be had, and what `Searcher.search`, the publisher and the
        notebook raise; what was complete by then is noted.
        """
        return _RunningPoll(poll, self._publisher, self._searcher, self._notebook, self._clock.now).run()


class _RunningPoll:
    """One poll under way."""

    def __init__(
        self, poll: Poll, publisher: Publisher, searcher: Searcher, notebook: Notebook, now: Callable[[], datetime]
    ) -> None:
        self._poll = poll
        self._publisher = publisher
        self._searcher = searcher
        self._notebook = notebook
        self._now = now
        self._started = now()
        self._id = uuid.uuid4().hex
        self._before = notebook.progress.get(poll.subject.id) or SubjectProgress(id=poll.subject.id)
        self._noted: Window | None = None
        self._pages = 0
        self._items = 0

    def run(self) -> PollReport:
        """See `Poller.poll`."""
        current, token = Pass(self._poll.window, self._poll.confirm_empty), None
        while True:
            current, decision = self._ask(current, token)
            match decision:
                case NextPage():
                    # So that a crash, or the end of the quota, loses little.
                    self._note(current.trusted)
                    token = decision.token
                case Retry():
                    self._note(None)
                    logs.info("window_retried", **self._where(decision.next_pass.window), reason=decision.reason)
                    current, token = decision.next_pass, None
                case Abandoned():
                    self._note(None)
                    raise UnusableAnswersError(decision.reason)
                case Complete() | Narrowed():
                    return self._finish(current.window, decision)

    def _ask(self, current: Pass, token: str | None) -> tuple[Pass, Decision]:
        request = SearchRequest(self._poll.subject.query, current.window, token)
        try:
            page = self._searcher.search(request)
        except PageTokenError:
            return current, current.after_refused_token()
        self._publish(page, current)
        return current.after(page)

    def _finish(self, window: Window, decision: Complete | Narrowed) -> PollReport:
        covered = decision.covered if isinstance(decision, Narrowed) else window
        if decision.problem:
            logs.warning("results_out_of_reach", **self._where(window), problem=decision.problem)
        if isinstance(decision, Narrowed):
            logs.info("window_narrowed", **self._where(covered), reason=decision.reason)
        self._note(covered)
        return PollReport(self._pages, self._items, covered)

    def _publish(self, page: SearchPage, current: Pass) -> None:
        fetched_at = self._now()
        self._pages += 1
        records = [
            NewRecord(RAW.name, item.video_id, item.value, self._context(place, current, fetched_at).to_headers())
            for place, item in enumerate(page.items)
        ]
        self._publisher.publish(records)
        self._items += len(records)

    def _context(self, place: int, current: Pass, fetched_at: datetime) -> RawContext:
        return RawContext(
            event_id=f"{self._id}-{self._pages}-{place + 1}",
            source=self._searcher.source,
            fetched_at=fetched_at,
            subject=self._poll.subject.id,
            window_from=current.window.start,
            window_to=current.window.end,
            page=current.pages + 1,
        )

    def _note(self, complete: Window | None) -> None:
        """Moves the cursor. What of the window is not complete yet counts as not covered, even if it was before:
        it is searched again because videos turn up late, and that must not be skipped."""
        if complete is None and self._noted is None:
            return
        covered = until(self._before.covered, self._started)
        if complete is not None:
            covered = union((*subtract(covered, self._poll.window), complete))
        self._notebook.write(
            self._before.model_copy(
                update={
                    "covered": covered,
                    "found": self._before.found + self._items,
                    _CURSORS[self._poll.kind]: self._started,
                }
            )
        )
        self._noted = complete

    def _where(self, window: Window) -> dict[str, object]:
        return {
            "subject": self._poll.subject.id,
            "window_from": format_utc(window.start),
            "window_to": format_utc(window.end),
        }


_CURSORS = {Kind.LIVE: "last_poll_at", Kind.GAP: "last_gap_poll_at"}
