"""What is done with units, between searches: videos are looked up, channels are followed, old data is removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from event_log import LogError
from observability import event_logger
from producer.errors import BurstError, NoCallLeftError, StoppedError, UnavailableError
from producer.freshness import units_needed
from producer.lookups import Lookups
from producer.outage import Outage
from producer.polling import Polling
from producer.quota import Bucket
from producer.reach import VIDEOS, Reach
from producer.searcher import longest_pause_s
from producer.uploads import Uploads
from schemas import Subject
from video_index import Freshness

logs = event_logger("producer")

_REST_WITHOUT_UNITS = timedelta(minutes=1)
_REST_AFTER_A_DEFECT = timedelta(minutes=15)


class Units:
    """Does one thing at a time. `polling` knows what may be spent.

    `outage` is of these calls alone: YouTube may fail on searches only, or on these. `reach` knows what came of them.
    """

    def __init__(self, lookups: Lookups, uploads: Uploads, polling: Polling, outage: Outage, reach: Reach) -> None:
        self._lookups = lookups
        self._uploads = uploads
        self._polling = polling
        self._outage = outage
        self._reach = reach
        self._rests_until: datetime | None = None

    @property
    def stored(self) -> Freshness | None:
        """What was last known of the index."""
        return self._lookups.stored

    def tried_again_at(self, now: datetime) -> datetime | None:
        """When YouTube, having failed, is asked again; None when that is not known."""
        return self._rest(now) or self._uploads.tried_again_at(now)

    def trouble(self, subject: Subject, now: datetime) -> str | None:
        """See `Uploads.trouble`."""
        return self._uploads.trouble(subject, now)

    def remove_expired(self, now: datetime) -> bool:
        """See `Lookups.remove_expired`."""
        return self._lookups.remove_expired(now)

    def spend(self, subjects: Sequence[Subject], now: datetime) -> bool:
        """Looks videos up or reads a channel, if that is due; whether it did. Raises LogError and StoppedError."""
        if self._rest(now) is not None:
            return False
        try:
            if self._lookups.work(now):
                self._outage.over()
                return True
            self._reach.settle(Bucket.UNITS, VIDEOS)
            if self._follow_channels(subjects, now):
                self._outage.over()
                return True
        except NoCallLeftError:
            self._rests_until = now + _REST_WITHOUT_UNITS
        except (UnavailableError, BurstError) as error:
            self._rests_until = now + timedelta(seconds=self._outage.failed(error, longest_pause_s(error)))
        except (LogError, StoppedError):
            raise
        except Exception as error:  # nobody foresaw it, but searches go on
            logs.exception("lookup_failed", reason=error)
            self._rests_until = now + _REST_AFTER_A_DEFECT
        return False

    def _rest(self, now: datetime) -> datetime | None:
        """Until when nothing is tried, if something holds it up."""
        return self._rests_until if self._rests_until is not None and now < self._rests_until else None

    def _follow_channels(self, subjects: Sequence[Subject], now: datetime) -> bool:
        left = self._polling.budget(now)
        left_of_day = (left.resets_at - now) / timedelta(days=1)
        units = left.units_left - units_needed(self.stored, left_of_day)
        return self._uploads.work(subjects, units, left.resets_at, now)
