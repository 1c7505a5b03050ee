"""The producer's loop: look at what is wished for, do the most urgent thing, wait until the next is due.

Whatever fails, the loop goes on: what is away is tried again with growing pauses, and nothing that was not noted
as complete counts as done.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from event_log import EventLog, LogError
from key_vault import KeyVault
from observability import event_logger
from producer.clock import Clock, SystemClock
from producer.errors import (
    BurstError,
    NoSearchLeftError,
    RequestRefusedError,
    StoppedError,
    UnavailableError,
    UnusableAnswersError,
)
from producer.http import HttpClient
from producer.keys import Budget, budget, usable_keys
from producer.outage import Outage
from producer.poller import Poller, PollReport
from producer.publisher import LONGEST_LOG_PAUSE_S, Publisher
from producer.quota import next_reset
from producer.rest import Rest
from producer.schedule import Poll, Reason, Wait, next_action
from producer.searcher import Searcher
from producer.settings import ProducerSettings
from producer.state import Notebook, Wishes
from producer.upkeep import bring_keys, follow_subjects, forget_the_unwanted
from producer.youtube import YouTubeClient
from schemas import ALL_TOPICS, format_utc

logs = event_logger("producer")

_LOOK_AROUND_S = 1.0
"""How soon a new subject or key is noticed."""

_PAUSE_AFTER_A_DEFECT_S = 30.0
_REST_OF_A_POLL = timedelta(minutes=15)


def run(settings: ProducerSettings, log: EventLog, vault: KeyVault, stop: Event) -> None:
    """Follows subjects until `stop` is set. Survives the log and YouTube being away, also at the start."""
    with HttpClient() as http:
        client = YouTubeClient(http, settings.youtube_api_url)
        Producer(settings, log, vault, client, clock=SystemClock(stop)).run()


class Producer:
    """The loop. It keeps nothing that it does not read from the log again after a restart."""

    def __init__(
        self,
        settings: ProducerSettings,
        log: EventLog,
        vault: KeyVault,
        client: YouTubeClient,
        *,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._log = log
        self._vault = vault
        self._clock = clock
        self._wishes = Wishes(log)
        self._notebook = Notebook(log)
        self._log_outage = Outage("log", jitter)
        self._searcher = Searcher(
            client=client,
            vault=vault,
            wishes=self._wishes,
            notebook=self._notebook,
            limit=settings.search_limit,
            clock=clock,
            outage=Outage("youtube", jitter),
        )
        publisher = Publisher(log, clock, self._log_outage)
        self._poller = Poller(publisher, self._searcher, self._notebook, clock)
        self._rest = Rest()
        self._topics_made = False
        self._settings_brought = False
        self._said: Reason | None = None

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
            self._read_log()
            pause = self._step()
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

    def _read_log(self) -> None:
        if not self._topics_made:
            self._log.create_topics(ALL_TOPICS)
            self._topics_made = True
        self._wishes.refresh()
        self._notebook.refresh()
        if not self._settings_brought:
            self._bring_settings(self._clock.now())
        forget_the_unwanted(self._wishes, self._notebook)

    def _bring_settings(self, now: datetime) -> None:
        """Once: what is unfollowed later on stays so until a restart."""
        follow_subjects(self._settings, self._wishes, now)
        bring_keys(self._settings, self._vault, self._wishes, self._notebook, now)
        self._wishes.refresh()
        self._settings_brought = True
        logs.info("ready", subjects=len(self._wishes.subjects), keys=len(self._wishes.keys))

    def _step(self) -> float:
        now = self._clock.now()
        if left := self._rest.seconds_left(now):
            return min(left, _LOOK_AROUND_S)
        action = next_action(
            self._wishes.subjects.values(),
            self._notebook.progress,
            self._budget(now),
            now,
            self._settings.pacing,
            resting=self._rest.resting(self._wishes.subjects, now),
        )
        if isinstance(action, Wait):
            self._say_why(action)
            return min((action.until - now).total_seconds(), _LOOK_AROUND_S)
        self._said = None
        self._poll(action)
        return 0.0

    def _poll(self, poll: Poll) -> None:
        try:
            self._report(poll, self._poller.poll(poll))
            self._rest.succeeded(poll)
        except NoSearchLeftError:
            pass  # the next step sees the same and says so
        except (UnavailableError, BurstError) as error:
            now, pause = self._clock.now(), timedelta(seconds=self._searcher.pause_after(error))
            self._rest.everything(now, now + pause)
            self._rest.failed(poll, now)
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

    def _rest_poll(self, event: str, poll: Poll, error: Exception) -> None:
        now = self._clock.now()
        until = now + _REST_OF_A_POLL
        self._rest.poll(poll, now, until)
        self._complain(event, poll, error, until)

    def _complain(self, event: str, poll: Poll, error: Exception, until: datetime) -> None:
        logs.error(event, subject=poll.subject.id, kind=poll.kind.value, reason=error, tried_again=format_utc(until))

    def _report(self, poll: Poll, report: PollReport) -> None:
        logs.info(
            "poll_finished",
            subject=poll.subject.id,
            kind=poll.kind.value,
            window_from=format_utc(poll.window.start),
            window_to=format_utc(poll.window.end),
            complete_from=format_utc(report.covered.start),
            pages=report.pages,
            items=report.items,
            searches_left=self._budget(self._clock.now()).searches_left,
        )

    def _budget(self, now: datetime) -> Budget:
        keys = usable_keys(self._wishes.keys.values(), self._notebook.health)
        return budget(keys, self._notebook.quotas, self._settings.search_limit, now)

    def _say_why(self, wait: Wait) -> None:
        """Once: the same reason again is no news."""
        if wait.reason not in (self._said, Reason.NOTHING_DUE):
            logs.warning("waiting", reason=wait.reason.value, until=format_utc(wait.until))
            self._said = wait.reason
