"""The producer's loop: look at what is wished for, do the most urgent thing, wait until the next is due.

    own the work? ─► read wishes and notes ─► check keys ─► search ─► look up, follow channels ─► tell people
         └── no: stand by                         (the first of these that is due, then from the start)

Whatever fails, the loop goes on: what is away is tried again with growing pauses, and nothing that was not noted
as complete counts as done. Of several producers one owns the work; the others take over when it dies.
"""

import os
import random
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from event_log import EventLog, LogError, Ownership, OwnershipLostError
from key_vault import KeyVault
from observability import event_logger
from producer.answers import SearchPage
from producer.caller import Caller
from producer.channels import Tally, newly_followed
from producer.clock import Clock, SystemClock
from producer.errors import (
    BurstError,
    NoCallLeftError,
    RequestRefusedError,
    StoppedError,
    UnavailableError,
    UnusableAnswersError,
)
from producer.freshness import units_needed
from producer.http import HttpClient
from producer.key_checks import KeyChecks
from producer.keys import Budget, budget
from producer.lookups import Lookups
from producer.outage import Outage
from producer.poller import Poller, PollReport
from producer.publisher import LONGEST_LOG_PAUSE_S, Publisher
from producer.quota import next_reset
from producer.report import Outlook, Waiting, producer_status, project_status, subject_status
from producer.rest import Rest
from producer.schedule import Poll, Reason, Wait, next_action
from producer.searcher import Searcher
from producer.settings import ProducerSettings
from producer.state import Notebook, Wishes
from producer.upkeep import bring_keys, follow_subjects, forget_the_unwanted
from producer.uploads import Uploads
from producer.youtube import SearchRequest, YouTubeClient
from schemas import ALL_TOPICS, ProducerStatus, Subject, format_utc, subject_id
from video_index import VideoIndex

logs = event_logger("producer")

OWNERSHIP = "producer"
"""The name under which producers claim the work."""

_LOOK_AROUND_S = 1.0
"""How soon a new subject or key is noticed."""

_STANDBY_S = 0.5
_PAUSE_AFTER_A_DEFECT_S = 30.0
_REST_OF_A_POLL = timedelta(minutes=15)
_REST_WITHOUT_UNITS = timedelta(minutes=1)
_TELL_EVERY = timedelta(seconds=5)
_TELL_AT_LEAST_EVERY = timedelta(seconds=30)


def run(settings: ProducerSettings, log: EventLog, index: VideoIndex, vault: KeyVault, stop: Event) -> None:
    """Follows subjects until `stop` is set. Survives log, index and YouTube being away, also at the start."""
    ownership = log.own(OWNERSHIP)
    try:
        with HttpClient() as http:
            client = YouTubeClient(http, settings.youtube_api_url)
            Producer(
                settings, log, ownership=ownership, index=index, vault=vault, client=client, clock=SystemClock(stop)
            ).run()
    finally:
        ownership.close()


class Producer:
    """The loop. It keeps nothing that it does not read from the log again after a restart."""

    def __init__(
        self,
        settings: ProducerSettings,
        log: EventLog,
        *,
        ownership: Ownership,
        index: VideoIndex,
        vault: KeyVault,
        client: YouTubeClient,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._log = log
        self._vault = vault
        self._clock = clock
        self._ownership = ownership
        self._wishes = Wishes(log, self._ownership)
        self._notebook = Notebook(log, self._ownership)
        self._log_outage = Outage("log", jitter)
        self._caller = Caller(
            vault=vault, wishes=self._wishes, notebook=self._notebook, limits=settings.limits, clock=clock
        )
        self._searcher = Searcher(
            client=client,
            caller=self._caller,
            clock=clock,
            outage=Outage("youtube", jitter),
            on_page=self._note_channels,
        )
        publisher = Publisher(log, clock, self._log_outage)
        self._poller = Poller(publisher, self._searcher, self._notebook, clock)
        self._key_checks = KeyChecks(client, self._caller, self._wishes, self._notebook)
        self._lookups = Lookups(index=index, client=client, caller=self._caller, publisher=publisher)
        self._uploads = Uploads(client=client, caller=self._caller, publisher=publisher, notebook=self._notebook)
        self._tally = Tally()
        self._rest = Rest()
        self._units_rest_until: datetime | None = None
        self._instance = f"{socket.gethostname()}-{os.getpid()}"
        self._owned = False
        self._stands_by = False
        self._topics_made = False
        self._settings_brought = False
        self._waiting: Waiting | None = None
        self._troubles: dict[str, str] = {}
        self._told: ProducerStatus | None = None

    def run(self) -> None:
        """Returns when it is asked to stop."""
        try:
            while not self._clock.stopped:
                self._clock.wait(self._step_safely())
        except StoppedError:
            pass
        finally:
            self._wishes.close()
            self._notebook.close()
        logs.info("stopped")

    def _step_safely(self) -> float:
        """Does one thing; gives the seconds until it is worth looking again."""
        try:
            if not self._owns_the_work():
                return _STANDBY_S
            self._read_log()
            pause = self._step()
            self._tell(self._clock.now())
        except OwnershipLostError as error:
            logs.warning("ownership_lost", reason=error)
            return _STANDBY_S
        except LogError as error:
            self._topics_made = False  # they may be gone with the broker's disk
            return self._log_outage.failed(error, LONGEST_LOG_PAUSE_S)
        except StoppedError:
            raise
        except Exception:  # nobody foresaw it: say so, and do what can be done
            logs.exception("defect")
            return _PAUSE_AFTER_A_DEFECT_S
        self._log_outage.over()  # not before: a log that can be read may still refuse to be written
        return pause

    def _owns_the_work(self) -> bool:
        owned = self._ownership.is_held()
        if owned and not self._owned:
            self._told, self._settings_brought = None, False
            logs.info("work_taken", instance=self._instance)
        elif not owned and (self._owned or not self._stands_by):
            logs.info(
                "standing_by", instance=self._instance, reason="another producer has the work, or Kafka is away"
            )
        self._owned, self._stands_by = owned, not owned
        return owned

    def _read_log(self) -> None:
        if not self._topics_made:
            self._log.create_topics(ALL_TOPICS)
            self._topics_made = True
        self._wishes.refresh()
        self._notebook.refresh()
        now = self._clock.now()
        if not self._settings_brought:
            self._bring_settings(now)
        forget_the_unwanted(self._wishes, self._notebook, now)

    def _bring_settings(self, now: datetime) -> None:
        """Once: what is unfollowed later on stays so until a restart."""
        follow_subjects(self._settings, self._wishes, now)
        bring_keys(self._settings, self._vault, self._wishes, self._notebook, now)
        self._wishes.refresh()
        self._settings_brought = True
        logs.info("ready", subjects=len(self._wishes.subjects), keys=len(self._wishes.keys))

    def _step(self) -> float:
        now = self._clock.now()
        if self._key_checks.work(now) or self._lookups.remove_expired(now):
            return 0.0
        if left := self._rest.seconds_left(now):
            return min(left, _LOOK_AROUND_S)
        action = self._next_search(now)
        if isinstance(action, Poll):
            self._waiting = None
            self._poll(action)
            return 0.0
        self._say_why(action)
        if self._spend_units(now):
            return 0.0
        return min(max((action.until - now).total_seconds(), 0.0), _LOOK_AROUND_S)

    def _next_search(self, now: datetime) -> Poll | Wait:
        subjects = [subject for subject in self._wishes.subjects.values() if subject.query]
        if not subjects and self._wishes.subjects:
            return Wait(next_reset(now), Reason.NOTHING_DUE)  # of channels alone
        return next_action(
            subjects,
            self._notebook.progress,
            self._budget(now),
            now,
            self._settings.pacing,
            resting=self._rest.resting(self._wishes.subjects, now),
        )

    def _poll(self, poll: Poll) -> None:
        try:
            self._report(poll, self._poller.poll(poll))
            self._rest.succeeded(poll)
            self._troubles.pop(poll.subject.id, None)
        except NoCallLeftError:
            pass  # the next step sees the same and says so
        except (UnavailableError, BurstError) as error:
            self._leave_youtube_alone(error)
            self._rest.failed(poll, self._clock.now())
        except RequestRefusedError as error:
            now = self._clock.now()
            until = next_reset(now)
            self._rest.subject(poll.subject, now, until)
            self._complain("subject_refused", poll, error, until)
        except UnusableAnswersError as error:
            self._rest_poll("answers_unusable", poll, error)
        except (LogError, StoppedError):
            raise
        except Exception as error:  # nobody foresaw it, but the other subjects go on
            logs.exception("defect", subject=poll.subject.id)
            self._rest_poll("poll_failed", poll, error)

    def _spend_units(self, now: datetime) -> bool:
        """Looks videos up or reads a channel, if that is due; whether it was."""
        if self._units_rest_until is not None and now < self._units_rest_until:
            return False
        try:
            return self._lookups.work(now) or self._follow_channels(now)
        except NoCallLeftError:
            self._units_rest_until = now + _REST_WITHOUT_UNITS
        except (UnavailableError, BurstError) as error:
            self._leave_youtube_alone(error)
        except (LogError, StoppedError):
            raise
        except Exception as error:  # nobody foresaw it, but searches go on
            logs.exception("lookup_failed", reason=error)
            self._units_rest_until = now + _REST_OF_A_POLL
        return False

    def _follow_channels(self, now: datetime) -> bool:
        left = self._budget(now)
        left_of_day = (left.resets_at - now) / timedelta(days=1)
        units = left.units_left - units_needed(self._lookups.stored, left_of_day)
        return self._uploads.work(list(self._wishes.subjects.values()), units, left.resets_at, now)

    def _note_channels(self, request: SearchRequest, page: SearchPage) -> None:
        if self._settings.follow_channels:
            often = self._tally.count(subject_id(request.query), page.items)
            for note in newly_followed(often, self._notebook.channels, self._clock.now()):
                self._notebook.write(note)

    def _leave_youtube_alone(self, error: UnavailableError | BurstError) -> None:
        now = self._clock.now()
        until = now + timedelta(seconds=self._searcher.pause_after(error))
        self._rest.everything(now, until)
        self._waiting = Waiting(f"YouTube does not answer: {error}", until)

    def _rest_poll(self, event: str, poll: Poll, error: Exception) -> None:
        now = self._clock.now()
        until = now + _REST_OF_A_POLL
        self._rest.poll(poll, now, until)
        self._complain(event, poll, error, until)

    def _complain(self, event: str, poll: Poll, error: Exception, until: datetime) -> None:
        logs.error(event, subject=poll.subject.id, kind=poll.kind.value, reason=error, tried_again=format_utc(until))
        self._troubles[poll.subject.id] = f"{error}; tried again at {format_utc(until)}"

    def _report(self, poll: Poll, report: PollReport) -> None:
        left = self._budget(self._clock.now())
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

    def _budget(self, now: datetime) -> Budget:
        return budget(self._caller.projects(), self._notebook.quotas, self._settings.limits, now)

    def _say_why(self, wait: Wait) -> None:
        """Once: the same reason again is no news."""
        before = self._waiting
        until = wait.until if wait.reason is Reason.QUOTA_USED_UP else None
        self._waiting = None if wait.reason is Reason.NOTHING_DUE else Waiting(wait.reason.value, until)
        if self._waiting and (before is None or before.reason != self._waiting.reason):
            logs.warning("waiting", reason=wait.reason.value, until=format_utc(wait.until))

    def _tell(self, now: datetime) -> None:
        """Writes the status when it has changed, and from time to time to show that this producer lives."""
        age = now - self._told.at if self._told and self._told.at <= now else None
        if age is not None and age < _TELL_EVERY:
            return
        status = self._status(now)
        changed = self._told is None or status != self._told.model_copy(update={"at": now})
        if changed or age is None or age >= _TELL_AT_LEAST_EVERY:
            self._notebook.tell(status)
            self._told = status

    def _status(self, now: datetime) -> ProducerStatus:
        notebook = self._notebook
        return producer_status(
            self._instance,
            now,
            waiting=self._waiting,
            subjects=[
                subject_status(subject, notebook.progress.get(subject.id), self._outlook(subject), notebook.channels)
                for subject in self._wishes.subjects.values()
            ],
            projects=[
                project_status(project, notebook.quotas, self._settings.limits, now)
                for project in self._caller.projects()
            ],
            channels=len(notebook.channels),
            stored=self._lookups.stored,
        )

    def _outlook(self, subject: Subject) -> Outlook:
        return Outlook(trouble=self._troubles.get(subject.id))
