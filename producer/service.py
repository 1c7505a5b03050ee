"""The producer's loop: look at what is wished for, do the most urgent thing, wait until the next is due.

    own the work? ─► read control and notes ─► check keys ─► remove what is too old ─► search ─► spend units ─► tell
         └── no: stand by                       (the first of these that is due, then from the start)

Whatever fails, the loop goes on: what is away is tried again with growing pauses, and nothing that was not noted
as complete counts as done. Of several producers one owns the work; the others take over when it dies.
"""

import random
from collections.abc import Callable
from datetime import datetime
from threading import Event

from event_log import EventLog, LogError, Ownership, OwnershipLostError
from key_vault import KeyVault
from observability import LifeSign, event_logger
from producer.caller import Caller
from producer.clock import Clock, SystemClock
from producer.errors import StoppedError
from producer.http import HttpClient
from producer.key_checks import KeyChecks
from producer.lookups import Lookups
from producer.outage import Outage
from producer.polling import Polling
from producer.polls import Poll
from producer.publisher import LONGEST_LOG_PAUSE_S, Publisher
from producer.reach import Reach
from producer.recent import Recent
from producer.settings import ProducerSettings
from producer.state import Control, Notebook
from producer.status_writer import StatusWriter
from producer.unfollowing import Unfollowing
from producer.units import Units
from producer.upkeep import bring_keys, follow_subjects, forget_the_unwanted, still_asked
from producer.uploads import Uploads
from producer.youtube import YouTubeClient
from schemas import ALL_TOPICS
from schemas.groups import PRODUCER_OWNERSHIP
from video_index import VideoIndex

logs = event_logger("producer")

_LOOK_AROUND_S = 1.0
"""How soon a new subject or key is noticed."""

_STANDBY_S = 0.5
_PAUSE_AFTER_A_DEFECT_S = 30.0


def run(settings: ProducerSettings, log: EventLog, index: VideoIndex, vault: KeyVault, stop: Event) -> None:
    """Follows subjects until `stop` is set. Survives log, index and YouTube being away, also at the start."""
    ownership, clock = log.own(PRODUCER_OWNERSHIP), SystemClock(stop)
    try:
        with HttpClient() as http:
            client = YouTubeClient(http, settings.youtube_api_url, clock.set_by)
            Producer(settings, log, ownership=ownership, index=index, vault=vault, client=client, clock=clock).run()
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
        self._life_sign = LifeSign(settings.life_sign_file)
        self._control = control = Control(log, ownership)
        self._notebook = notebook = Notebook(log, ownership)
        self._log_outage = Outage("log", jitter)
        self._recent = recent = Recent()
        publisher = Publisher(log, clock, self._log_outage)
        self._reach = reach = Reach()
        self._caller = caller = Caller(
            vault=vault, control=control, notebook=notebook, limits=settings.limits, clock=clock, reach=reach
        )
        self._key_checks = KeyChecks(client, caller, control, notebook)
        self._polling = Polling(
            settings,
            client=client,
            caller=caller,
            publisher=publisher,
            notebook=notebook,
            outage=Outage("youtube", jitter),
            clock=clock,
            recent=recent,
            reach=reach,
        )
        self._units = Units(
            Lookups(
                index=index,
                client=client,
                caller=caller,
                publisher=publisher,
                clock_is_confirmed=lambda: clock.confirmed,
            ),
            Uploads(
                client=client,
                caller=caller,
                publisher=publisher,
                notebook=notebook,
                on_found=recent.seen,
                only_added=not settings.follow_channels,
            ),
            self._polling,
            Outage("youtube_lookups", jitter),
            reach,
        )
        self._unfollowing = Unfollowing(
            log=log, appender=ownership, index=index, publisher=publisher, source=client.base_url
        )
        self._status = StatusWriter(
            control,
            notebook,
            caller,
            settings.limits,
            polling=self._polling,
            units=self._units,
            key_checks=self._key_checks,
            reach=reach,
        )
        self._owned: bool | None = None
        self._topics_made = False
        self._settings_brought = False

    def run(self) -> None:
        """Returns when it is asked to stop."""
        try:
            while not self._clock.stopped:
                self._clock.wait(self._step_safely())
        except StoppedError:
            pass
        finally:
            self._control.close()
            self._notebook.close()
            self._unfollowing.close()
        logs.info("stopped")

    def _step_safely(self) -> float:
        """Does one thing; gives the seconds until it is worth looking again."""
        try:
            if not self._owns_the_work():
                # Who cannot even ask whose turn it is does not stand by.
                self._log.check()
                self._log_outage.over()
                self._life_sign.give()
                return _STANDBY_S
            self._read_log()
            pause = self._step(self._clock.now())
            self._status.tell(self._clock.now())
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
        self._life_sign.give()
        return pause

    def _owns_the_work(self) -> bool:
        owned = self._ownership.is_held()
        if owned and not self._owned:
            self._settings_brought = False
            logs.info("work_taken", instance=self._status.instance)
        elif not owned and self._owned is not False:
            logs.info("standing_by", instance=self._status.instance, until="no other producer has the work")
        self._owned = owned
        return owned

    def _read_log(self) -> None:
        if not self._topics_made:
            self._log.create_topics(ALL_TOPICS)
            self._topics_made = True
        self._control.refresh()
        self._notebook.refresh()
        now = self._clock.now()
        if not self._settings_brought:
            self._bring_settings(now)
        forget_the_unwanted(self._control, self._notebook, now)
        self._recent.forget_others(self._control.subjects)
        if self._reach.has_failures:
            has_key = bool(self._caller.projects())
            self._reach.forget(still_asked(self._control, self._notebook, has_key=has_key))

    def _bring_settings(self, now: datetime) -> None:
        """Once: what is unfollowed later on stays so until a restart."""
        follow_subjects(self._settings, self._control, now)
        bring_keys(self._settings, self._vault, self._control, self._notebook, now)
        self._control.refresh()
        self._settings_brought = True
        logs.info("ready", subjects=len(self._control.subjects), keys=len(self._control.keys))

    def _step(self, now: datetime) -> float:
        if self._key_checks.work(now) or self._units.remove_expired(now):
            return 0.0
        if self._unfollowing.work(self._control.subjects, now):
            return 0.0
        subjects = list(self._control.subjects.values())
        pause = self._polling.seconds_of_rest(now)
        if not pause:
            action = self._polling.next(subjects, now)
            if isinstance(action, Poll):
                self._polling.carry_out(action)
                return 0.0
            pause = max((action.until - now).total_seconds(), 0.0)
        if self._units.spend(subjects, now):
            return 0.0
        return min(pause, _LOOK_AROUND_S)
