"""Videos that were asked for and whose answer the index does not show yet. Pure, but for what it remembers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from producer.clock import has_passed

_FIRST_PAUSE = timedelta(minutes=2)
"""How long the processor may take until a video is asked for again."""

_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    at: datetime
    pause: timedelta

    def rests(self, now: datetime) -> bool:
        return not has_passed(self.at, self.pause, now)

    def is_remembered(self, now: datetime) -> bool:
        return not has_passed(self.at, 2 * self.pause, now)


class UnderWay:
    """What rests until when. The pause of a video doubles, up to a day, as long as asking for it shows no effect:
    a processor that is stuck must not cost a day's units in an hour."""

    def __init__(self) -> None:
        self._asked: dict[str, _Asked] = {}

    def __len__(self) -> int:
        return len(self._asked)

    def asked(self, videos: Iterable[str], now: datetime) -> None:
        """Notes that an answer for these was published."""
        for video in videos:
            before = self._asked.get(video)
            pause = min(2 * before.pause, _LONGEST_PAUSE) if before else _FIRST_PAUSE
            self._asked[video] = _Asked(now, pause)

    def rest(self, videos: Iterable[str], pause: timedelta, now: datetime) -> None:
        """Leaves these alone for so long."""
        self._asked |= dict.fromkeys(videos, _Asked(now, pause))

    def done(self, videos: Iterable[str]) -> None:
        """Forgets these: the index shows the effect."""
        for video in videos:
            self._asked.pop(video, None)

    def known(self, videos: Collection[str]) -> set[str]:
        """Those of them that were asked for not long ago."""
        return {video for video in videos if video in self._asked}

    def others(self, videos: Iterable[str], now: datetime) -> list[str]:
        """Those of them that may be asked for now, in their order."""
        return [video for video in videos if video not in self._asked or not self._asked[video].rests(now)]

    def resting(self, now: datetime) -> int:
        """How many are left alone now."""
        return sum(asked.rests(now) for asked in self._asked.values())

    def forget_old(self, now: datetime) -> None:
        """Forgets those that were not asked for again once they might have been: nothing is left to be done."""
        self._asked = {video: asked for video, asked in self._asked.items() if asked.is_remembered(now)}
