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
from producer.learning import NewVideo, after_finding, pages_per_poll
from producer.paging import Abandoned, Complete, Decision, Enough, Narrowed, NextPage, Pass, Retry
from producer.polls import Kind, Poll
from producer.publisher import Publisher
from producer.recent import Recent
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

    def __init__(
        self,
        publisher: Publisher,
        searcher: Searcher,
        notebook: Notebook,
        clock: Clock,
        recent: Recent | None = None,
    ) -> None:
        self._recent = recent or Recent()
        self._publisher = publisher
        self._searcher = searcher
        self._notebook = notebook
        self._clock = clock

    def poll(self, poll: Poll) -> PollReport:
        """Searches until something of the window is complete; what is left of it is a gap for a later poll.

        Raises UnusableAnswersError when that cannot be had, and what `Searcher.search`, the publisher and the
        notebook raise; what was complete by then is noted.
        """
        return _RunningPoll(
            poll, self._publisher, self._searcher, self._notebook, self._recent, self._clock.now
        ).run()


class _RunningPoll:
    """One poll under way."""

    def __init__(  # noqa: PLR0917 - what one poll needs
        self,
        poll: Poll,
        publisher: Publisher,
        searcher: Searcher,
        notebook: Notebook,
        recent: Recent,
        now: Callable[[], datetime],
    ) -> None:
        self._recent = recent
        self._seen: list[NewVideo] = []
        self._poll = poll
        self._publisher = publisher
        self._searcher = searcher
        self._notebook = notebook
        self._now = now
        self._started = now()
        self._id = uuid.uuid4().hex
        self._before = notebook.progress.get(poll.subject.id) or SubjectProgress(id=poll.subject.id)
        self._noted: Window | None = None
        self._searches = 0
        self._pages = 0
        self._items = 0

    def run(self) -> PollReport:
        """See `Poller.poll`."""
        poll = self._poll
        current, token = Pass(poll.window, poll.confirm_empty, poll.needed_from), None
        while True:
            current, decision = self._ask(current, token)
            match decision:
                case NextPage():
                    # So that a crash, or the end of the quota, loses little.
                    self._note(current.trusted)
                    if current.trusted is not None and self._has_spent_enough:
                        return self._end_with(current.trusted)
                    self._refuse_more_than_may_be("the results are not in order")
                    token = decision.token
                case Retry():
                    self._note(None)
                    self._refuse_more_than_may_be(decision.reason)
                    logs.info("window_retried", **self._where(decision.next_pass.window), reason=decision.reason)
                    current, token = decision.next_pass, None
                case Abandoned():
                    self._note(None)
                    raise UnusableAnswersError(decision.reason)
                case Enough():
                    return self._end_with(decision.covered)
                case Complete() | Narrowed():
                    return self._finish(current.window, decision)

    @property
    def _has_spent_enough(self) -> bool:
        pages, searches = self._poll.most_pages, self._poll.most_searches
        return (pages is not None and self._pages >= pages) or (searches is not None and self._searches >= searches)

    def _refuse_more_than_may_be(self, reason: str) -> None:
        most = self._poll.most_searches
        if most is not None and self._searches >= most:
            raise UnusableAnswersError(f"{reason}, and the last search of the day is kept for its end")

    def _ask(self, current: Pass, token: str | None) -> tuple[Pass, Decision]:
        request = SearchRequest(self._poll.subject.query, current.window, token)
        self._searches += 1
        try:
            page = self._searcher.search(request, self._poll.asked)
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
        return self._end_with(covered)

    def _end_with(self, covered: Window) -> PollReport:
        self._note(covered, finished=True)
        self._recent.searched(self._poll.subject.id, covered, self._started)
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
        self._look_at(page)

    def _look_at(self, page: SearchPage) -> None:
        subject = self._poll.subject.id
        for item in page.items:
            if item.video_id and item.published_at and not self._recent.knows(subject, item.video_id):
                late_s = self._recent.lateness_s(subject, item.published_at)
                self._seen.append(NewVideo(item.video_id, item.published_at, late_s))
                self._recent.seen(subject, [item.video_id])

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

    def _note(self, complete: Window | None, *, finished: bool = False) -> None:
        """Moves the cursor. What is needed and not complete yet counts as not covered, even if it was before: it is
        searched again because videos turn up late, and that must not be skipped."""
        if complete is None and self._noted is None:
            return
        before = covered = until(self._before.covered, self._started)
        if complete is not None:
            covered = union((*subtract(covered, self._poll.needed), complete))
        self._notebook.write(
            self._before.model_copy(
                update={
                    "covered": covered,
                    "found": self._before.found + self._items,
                    _CURSORS[self._poll.kind]: self._started,
                    "first_poll_at": self._before.first_poll_at or self._started,
                    **after_finding(self._before, complete, before, self._seen, self._started),
                    **(self._finished(complete) if finished else {}),
                }
            )
        )
        self._noted = complete

    def _finished(self, complete: Window | None) -> dict[str, object]:
        """What is noted at the end of a poll only."""
        if self._poll.kind is not Kind.LIVE:
            done = self._poll.kind is Kind.PAST and complete == self._poll.window
            return {"past_windows_done": self._before.past_windows_done + done}
        return {
            "pages_per_poll": pages_per_poll(self._before, self._pages),
            "last_deep_poll_at": self._started if self._poll.is_deep(complete) else self._before.last_deep_poll_at,
        }

    def _where(self, window: Window) -> dict[str, object]:
        return {
            "subject": self._poll.subject.id,
            "window_from": format_utc(window.start),
            "window_to": format_utc(window.end),
        }


_CURSORS = {Kind.LIVE: "last_poll_at", Kind.GAP: "last_gap_poll_at", Kind.PAST: "last_gap_poll_at"}
