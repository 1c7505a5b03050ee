"""What the tests of this room have in common: videos, and the emulator as an application with a clock of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from youtube_emulator.app import Emulator, build_app
from youtube_emulator.faults import FaultRates, Faults
from youtube_emulator.keys import Projects
from youtube_emulator.lateness import Lateness
from youtube_emulator.library import Library, ListLibrary
from youtube_emulator.quota import Ledger, Limits
from youtube_emulator.search import Search
from youtube_emulator.times import parse_time
from youtube_emulator.video import Video

NOON = parse_time("2026-03-01T12:00:00Z")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


def video(number: int, *, ago: int | None = None, title: str = "Tea", **more: Any) -> Video:
    """A video, published so many seconds before noon; as many as its number where nothing is said."""
    return Video(id=f"video-{number:05}", published=NOON - (number if ago is None else ago), title=title, **more)


def videos(count: int, **more: Any) -> list[Video]:
    return [video(number, **more) for number in range(count)]


@dataclass
class Service:
    """The emulator, asked over HTTP."""

    library: Library
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=lambda: Limits(searches_per_day=100_000))
    projects: Projects = field(default_factory=Projects)
    rates: FaultRates = field(default_factory=FaultRates)
    lateness: Lateness = field(default_factory=Lateness)
    result_cap: int = 500
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        emulator = Emulator(
            search=Search(self.library, self.lateness, self.result_cap),
            ledger=Ledger(self.limits, self.clock),
            projects=self.projects,
            faults=Faults(self.rates, seed=1),
            clock=self.clock,
            sleep=self._sleep,
        )
        self.http = TestClient(build_app(emulator), base_url="http://emulator/youtube/v3/")

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def get(self, method: str, headers: Mapping[str, str] | None = None, **params: object) -> Any:
        asked = {name: value for name, value in ({"key": "a-key"} | params).items() if value is not None}
        return self.http.get(method, params=asked, headers=headers)

    def search(self, **params: object) -> Any:
        """The body of a good answer to a search for videos, newest first."""
        answer = self.get("search", **({"part": "snippet", "type": "video", "order": "date"} | params))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def error(self, method: str = "search", **params: object) -> Any:
        """Status, and the error that the body describes."""
        answer = self.get(method, **({"part": "snippet"} | params))
        assert answer.json()["error"]["code"] == answer.status_code
        return answer.json()["error"]


def serving(listed: Iterable[Video], **more: Any) -> Service:
    return Service(ListLibrary(listed), **more)


def ids(body: Any) -> list[str]:
    """The ids of the videos on a page."""
    return [item["id"]["videoId"] for item in body["items"]]
