"""Searches for subjects: chooses the poll that is due, carries it out, and bears what may go wrong with it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from event_log import LogError
from observability import event_logger
from producer.answers import SearchPage
from producer.backfill import backfill_status, past_of
from producer.caller import Caller
from producer.channels import ChannelTally, newly_followed
from producer.clock import Clock
from producer.cooldown import Cooldown
from producer.errors import (
    BurstError,
    NoCallLeftError,
    RequestRefusedError,
    StoppedError,
    UnavailableError,
    UnusableAnswersError,
)
from producer.keys import Budget, budget
from producer.outage import Outage
from producer.poller import Poller, PollReport
from producer.polls import Failures, Kind, Poll, Reason, Wait
from producer.publisher import Publisher
from producer.quota import Bucket, next_reset
from producer.reach import Reach
from producer.recent import Recent
from producer.report import Forecast, Waiting
from producer.rhythm import rates, typical_rate
from producer.schedule import next_action, plan
from producer.searcher import Searcher
from producer.settings import ProducerSettings
from producer.state import Notebook
from producer.youtube import SearchRequest, YouTubeClient
from schemas import Subject, SubjectProgress, format_utc, subject_id

logs = event_logger("producer")

_REST_OF_A_POLL = timedelta(minutes=15)


class Polling:
    """Polls subjects. `waiting` is why nothing is searched, if there is a reason beyond that nothing is due, and
    YouTube answers: `reach` knows whether it does."""

    def __init__(
        self,
        settings: ProducerSettings,
        *,
        client: YouTubeClient,
        caller: Caller,
        publisher: Publisher,
        notebook: Notebook,
        outage: Outage,
        clock: Clock,
        recent: Recent,
        reach: Reach,
    ) -> None:
        self._settings = settings
        self._reach = reach
        self._caller = caller
        self._notebook = notebook
        self._clock = clock
        self._searcher = Searcher(
            client=client,
            caller=caller,
            outage=outage,
            on_page=self._note_channels,
        )
        self._poller = Poller(publisher, self._searcher, notebook, clock, recent)
        self._cooldown = Cooldown()
        self._tally = ChannelTally()
        self.waiting: Waiting | None = None

    def seconds_of_rest(self, now: datetime) -> float:
        """How long nothing is searched from `now` on, because YouTube failed."""
        return self._cooldown.seconds_left(now)

    def budget(self, now: datetime) -> Budget:
        """What may be spent today."""
        return budget(self._caller.projects(), self._notebook.quotas, self._settings.limits, now)

    def next(self, subjects: Collection[Subject], now: datetime) -> Poll | Wait:
        """The poll that is due, or until when to wait; says why, once, when there is a reason to."""
        action = self._next(subjects, now)
        if isinstance(action, Wait):
            self._say_why(action)
        else:
            self.waiting = None
        return action

    def carry_out(self, poll: Poll) -> None:
        """Polls. Raises LogError and StoppedError; what else goes wrong is noted, and other polls go on."""
        try:
            self._report(poll, self._poller.poll(poll))
            self._cooldown.succeeded(poll, self._clock.now())
        except NoCallLeftError:
            pass  # the next step sees the same and says so
        except (UnavailableError, BurstError) as error:
            self._leave_youtube_alone(error)
            if not isinstance(error, UnavailableError) or error.sent:  # or else it has nothing to do with the poll
                self._cooldown.failed(poll, self._clock.now(), f"YouTube does not answer: {error}")
        except RequestRefusedError as error:
            now = self._clock.now()
            until = next_reset(now)
            self._cooldown.subject(poll.subject, now, until, _tried_again(error, until))
            self._complain("subject_refused", poll, error, until)
        except UnusableAnswersError as error:
            self._rest_poll("answers_unusable", poll, error)
        except (LogError, StoppedError):
            raise
        except Exception as error:  # nobody foresaw it, but the other subjects go on
            logs.exception("defect", subject=poll.subject.id)
            self._rest_poll("poll_failed", poll, error)

    def outlooks(self, subjects: Collection[Subject], now: datetime) -> dict[str, Forecast]:
        """What is to be expected for each subject, by id."""
        searched = [subject for subject in subjects if subject.query]
        known, left = self._notebook.progress, self.budget(now)
        failures = self._failures(subjects, now)
        planned = plan(searched, known, left, now, self._settings.pacing, failures=failures)
        earliest = now + timedelta(seconds=self.seconds_of_rest(now))
        away = self._reach.away()
        is_told = away is not None and Bucket.SEARCHES in away.buckets
        for_past = left.searches_per_day * self._settings.backfill_share / max(self._with_a_past(searched, now), 1)
        prior = typical_rate(progress.rhythm for progress in known.values())
        found = {}
        for subject in subjects:
            progress, turn = known.get(subject.id) or SubjectProgress(id=subject.id), planned.get(subject.id)
            learnt = rates(progress.rhythm, prior)
            found[subject.id] = Forecast(
                next_poll_at=max(turn.due_at, earliest) if turn else None,
                expected_delay_s=round(turn.expected_delay_s, 1) if turn else None,
                backfill=backfill_status(subject, progress, learnt, for_past, now) if subject.query else None,
                trouble=_trouble(subject, failures, now, common_is_told=is_told),
            )
        return found

    def _next(self, subjects: Collection[Subject], now: datetime) -> Poll | Wait:
        searched = [subject for subject in subjects if subject.query]
        left = self.budget(now)
        if subjects and not searched:
            return Wait(left.resets_at, _why_channels_wait(left))
        failures = self._failures(subjects, now)
        return next_action(searched, self._notebook.progress, left, now, self._settings.pacing, failures=failures)

    def _leave_youtube_alone(self, error: UnavailableError | BurstError) -> None:
        """Searches nothing for a time that grows with the failures in a row."""
        now = self._clock.now()
        left = self.budget(now)
        until = now + timedelta(seconds=self._searcher.pause_after(error, left.searches_left, left.resets_at, now))
        self._cooldown.everything(now, until)

    def _failures(self, subjects: Collection[Subject], now: datetime) -> Failures:
        return self._cooldown.failures({subject.id: subject for subject in subjects}, now)

    def _with_a_past(self, subjects: Collection[Subject], now: datetime) -> int:
        known = self._notebook.progress
        return sum(
            bool(past_of(subject, known.get(subject.id) or SubjectProgress(id=subject.id), now))
            for subject in subjects
        )

    def _note_channels(self, request: SearchRequest, page: SearchPage) -> None:
        if self._settings.follow_channels:
            often = self._tally.count(subject_id(request.query), page.items)
            for note in newly_followed(often, self._notebook.channels, self._clock.now()):
                self._notebook.write(note)

    def _rest_poll(self, event: str, poll: Poll, error: Exception) -> None:
        now = self._clock.now()
        until = now + _REST_OF_A_POLL
        self._cooldown.poll(poll, now, until, _tried_again(error, until))
        self._complain(event, poll, error, until)

    def _complain(self, event: str, poll: Poll, error: Exception, until: datetime) -> None:
        logs.error(event, subject=poll.subject.id, kind=poll.kind.value, reason=error, tried_again=format_utc(until))

    def _report(self, poll: Poll, report: PollReport) -> None:
        left = self.budget(self._clock.now())
        logs.info(
            "poll_finished",
            subject=poll.subject.id,
            kind=poll.kind.value,
            window_from=format_utc(poll.window.start),
            window_to=format_utc(poll.window.end),
            complete_from=format_utc(report.covered.start),
            pages=report.pages,
            items=report.items,
            searches_left=left.searches_left,
            units_left=left.units_left,
        )

    def _say_why(self, wait: Wait) -> None:
        before = self.waiting
        until = wait.until if wait.reason in (Reason.QUOTA_USED_UP, Reason.UNITS_USED_UP) else None
        self.waiting = None if wait.reason is Reason.NOTHING_DUE else Waiting(wait.reason.value, until)
        if self.waiting and (before is None or before.reason != self.waiting.reason):
            logs.warning("waiting", reason=wait.reason.value, until=format_utc(wait.until))


def _why_channels_wait(left: Budget) -> Reason:
    """Why nothing happens when all subjects are channels, which are read with units."""
    if not left.keys:
        return Reason.NO_KEY
    return Reason.NOTHING_DUE if left.units_left else Reason.UNITS_USED_UP


def _trouble(subject: Subject, failures: Failures, now: datetime, *, common_is_told: bool) -> str | None:
    """What is wrong with a subject's polls; of several kinds the one that matters most.

    A gap, or a past, may be no more when its rest is over. What may not be a failure of its own is told while it
    rests, unless it is told that YouTube fails on all: `common_is_told`.
    """
    for kind in Kind:
        failure = failures.get((subject.id, kind))
        if failure is None:
            continue
        rests = failure.rests_until > now
        if (failure.served_at and (kind is Kind.LIVE or rests)) or (rests and not common_is_told):
            return failure.told
    return None


def _tried_again(error: Exception, until: datetime) -> str:
    return f"{error}; tried again at {format_utc(until)}"
