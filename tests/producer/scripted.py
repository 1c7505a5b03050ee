"""A YouTube behind the HTTP transport, a clock that is moved by hand, and a producer between them on a real log."""

import base64
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from event_log import EventLog, NewRecord, Record
from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from producer.errors import PageTokenError
from producer.http import HttpClient, httpx
from producer.quota import pacific_day
from producer.service import Producer
from producer.settings import ProducerSettings
from producer.state import Notebook
from producer.youtube import YouTubeClient
from schemas import ALL_TOPICS, CONTROL, RAW, Subject, Window, format_utc, parse_utc, subject_id
from tests.producer import youtube_errors
from tests.producer.model_search import START, ModelSearch, ModelVideo
from video_index.embedded import EmbeddedIndex

URL = "http://youtube.test/youtube/v3"
VAULT = KeyVault(base64.urlsafe_b64encode(b"a secret for the tests only, 32b"))
WRONG_KEY = "wrong-key-0016-abcdefgh"
KEYS = ("first-key-0008-abcdefgh", "second-key-0012-abcdefgh", "third-key-0017-abcdefgh")
"""Of keys that are added in the same second, this vault's ids put the wrong one first, then these as they stand."""

Handler = Callable[[httpx.Request], httpx.Response]
Fault = Callable[[httpx.Request], httpx.Response | None]


class HandClock:
    """Implements `Clock`. A wait lasts as long as it says, `stride` seconds at least, and takes no time at all.

    It is stopped once `end` is reached.
    """

    confirmed = True

    def __init__(self, moment: datetime = START, *, end: datetime | None = None, stride: float = 1.0) -> None:
        self.moment = moment
        self.end = end
        self.stride = stride
        self.asked_to_stop = False
        self.waits: list[float] = []
        self._plans: list[tuple[datetime, Callable[[], None]]] = []
        self._idle = 0

    @property
    def stopped(self) -> bool:
        return self.asked_to_stop or (self.end is not None and self.moment >= self.end)

    def now(self) -> datetime:
        return self.moment.replace(microsecond=0)

    def wait(self, seconds: float) -> bool:
        assert seconds >= 0
        self.waits.append(seconds)
        self._idle = 0 if seconds else self._idle + 1
        assert self._idle < 1000, "the producer turns in circles"
        if not self.stopped:
            self.advance(max(seconds, self.stride) if seconds else 0)
        return self.stopped

    def advance(self, seconds: float) -> None:
        """Lets time pass, and what is planned for it happen."""
        self.moment += timedelta(seconds=seconds)
        due = [plan for plan in self._plans if plan[0] <= self.moment]
        self._plans = [plan for plan in self._plans if plan[0] > self.moment]
        for _, action in due:
            action()

    def plan(self, moment: datetime, action: Callable[[], None]) -> None:
        """Has `action` done at that moment."""
        self._plans.append((moment, action))


class ScriptedYouTube:
    """Answers search.list out of a model for each query, and counts like YouTube: by project and Pacific day.

    `projects` are the valid keys and their projects. `before` sees every request before it is counted, and may fail
    it as one that never arrived. `fault` may answer in YouTube's place, or raise; the search counts all the same.
    """

    def __init__(self, clock: HandClock, models: dict[str, ModelSearch], projects: dict[str, str]) -> None:
        self.clock = clock
        self.models = models
        self.projects = projects
        self.per_day: dict[str, int] = {}
        self.fault: Fault = lambda _: None
        self.before: Callable[[httpx.Request], None] = lambda _: None
        self.counted: Counter[tuple[str, date]] = Counter()
        self.units: Counter[tuple[str, date]] = Counter()
        self.looked_up: list[httpx.Request] = []
        self.uploads: dict[str, list[dict[str, object]]] = {}
        self.gone: set[str] = set()
        self.unit_fault: Fault = lambda _: None
        self.requests: list[httpx.Request] = []
        self.seconds_per_search = 1.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/search"):
            return self._look_up(request)
        self.before(request)
        self.requests.append(request)
        key = request.headers["X-Goog-Api-Key"]
        self.counted[key, pacific_day(self.clock.now())] += 1
        self.clock.advance(self.seconds_per_search)
        return self.fault(request) or self._answer(request, key)

    def spent(self, project: str) -> int:
        """Searches of today."""
        day = pacific_day(self.clock.now())
        return sum(n for (other, d), n in self.counted.items() if d == day and self.projects.get(other) == project)

    def _look_up(self, request: httpx.Request) -> httpx.Response:
        """videos.list and playlistItems.list. Every video that is asked for is there, but for those that are gone."""
        key = request.headers["X-Goog-Api-Key"]
        self.looked_up.append(request)
        self.units[key, pacific_day(self.clock.now())] += 1
        if fault := self.unit_fault(request):
            return fault
        if key not in self.projects:
            return youtube_errors.invalid_key()
        params = request.url.params
        if request.url.path.endswith("/videos"):
            known = {video.id: video for model in self.models.values() for video in model.videos}
            asked = [video for video in params["id"].split(",") if video not in self.gone]
            items = [details(video, known.get(video)) for video in asked]
            return httpx.Response(200, json={"kind": "youtube#videoListResponse", "items": items})
        uploads = self.uploads.get("UC" + params["playlistId"].removeprefix("UU"))
        if uploads is None:
            return youtube_errors.error(404, "not found", reason="playlistNotFound")
        start = int(params.get("pageToken", "0"))
        more = {"nextPageToken": str(start + 50)} if len(uploads) > start + 50 else {}
        body = {"kind": "youtube#playlistItemListResponse", "items": uploads[start : start + 50], **more}
        return httpx.Response(200, json=body)

    def _answer(self, request: httpx.Request, key: str) -> httpx.Response:
        project = self.projects.get(key)
        if project is None:
            return youtube_errors.invalid_key()
        if self.spent(project) > self.per_day.get(project, 100):
            return youtube_errors.day_quota()
        params = request.url.params
        window = Window(start=parse_utc(params["publishedAfter"]), end=parse_utc(params["publishedBefore"]))
        try:
            return httpx.Response(200, content=self.models[params["q"]].answer(window, params.get("pageToken")))
        except PageTokenError:
            return youtube_errors.invalid_token()


def details(video_id: str, video: ModelVideo | None) -> dict[str, object]:
    """An item of videos.list."""
    return {
        "kind": "youtube#video",
        "id": video_id,
        "snippet": {
            "publishedAt": format_utc(video.published_at if video else START),
            "channelId": "UC1",
            "title": f"Tea & {video_id}",
            "description": "",
            "channelTitle": "",
            "liveBroadcastContent": "none",
        },
        "contentDetails": {"duration": "PT1M"},
        "statistics": {"viewCount": "7"},
    }


class Undisputed:
    """The ownership of a producer that has no rival; its writes go through the log as any other's."""

    def __init__(self, log: EventLog, is_held: Callable[[], bool] = lambda: True) -> None:
        self.append = log.append
        self.is_held = is_held

    def close(self) -> None:
        pass


class World:
    """Everything a producer needs, and what outlives it: the file of the log, YouTube, the clock, the vault."""

    def __init__(self, directory: Path, clock: HandClock, models: dict[str, ModelSearch], **settings: object) -> None:
        self.directory = directory
        self.clock = clock
        self.youtube = ScriptedYouTube(clock, models, {key: key for key in KEYS})
        self.handler: Handler = self.youtube
        self.wrap: Callable[[EventLog], EventLog] = lambda log: log
        self.owns: Callable[[], bool] = lambda: True
        self.vault = VAULT
        self.index = EmbeddedIndex(directory / "index")
        self._other = self.log()
        self._notebook = Notebook(self._other)
        self.settings: dict[str, object] = {
            "youtube_api_url": URL,
            "youtube_api_keys": KEYS[0],
            "subjects": ";".join(models),
            "subjects_since": START,
            "data_dir": directory,
            "stack": "embedded",
        } | settings

    def run(self, end: datetime | None = None) -> None:
        """A producer from its start to `end`; a new one each time, as after a restart."""
        if end is not None:
            self.clock.end = end
        settings = ProducerSettings(_env_file=None, **self.settings)  # type: ignore[arg-type]
        with self.log() as log, HttpClient(httpx.MockTransport(self.handler)) as http:
            client = YouTubeClient(http, settings.youtube_api_url)
            watched = self.wrap(log)
            Producer(
                settings,
                watched,
                ownership=Undisputed(watched, self.owns),
                index=self.index,
                vault=self.vault,
                client=client,
                clock=self.clock,
                jitter=lambda: 0.5,
            ).run()

    def log(self) -> EmbeddedLog:
        log = EmbeddedLog(self.directory / "log.sqlite", busy_timeout_s=0.05)
        log.create_topics(ALL_TOPICS)
        return log

    def append(self, *records: NewRecord) -> None:
        """What another process writes meanwhile."""
        self._other.append(records)

    def follow(self, query: str, since: datetime = START) -> None:
        subject = Subject(id=subject_id(query), query=query, since=since, followed_at=self.clock.now())
        self.append(NewRecord(CONTROL.name, subject.key, subject.to_json()))

    def unfollow(self, query: str) -> None:
        self.append(NewRecord(CONTROL.name, f"subject/{subject_id(query)}", None))

    def add_key(self, key: str, project: str | None = None) -> None:
        sealed = self.vault.seal(key, source="api", added_at=self.clock.now(), project=project)
        self.append(NewRecord(CONTROL.name, sealed.key, sealed.to_json()))

    def read(self, *topics: str) -> list[Record]:
        return read_all(self._other, *topics)

    def published(self) -> set[str]:
        """Ids of the videos on the raw topic."""
        return {record.key for record in self.read(RAW.name) if record.key}

    def notes(self) -> Notebook:
        self._notebook.refresh()
        return self._notebook

    def reserved(self, key: str) -> int:
        """Searches in today's ledger of the key's own project."""
        quota = self.notes().quotas.get(self.vault.recognise(key))
        return quota.searches if quota and quota.day == pacific_day(self.clock.now()) else 0

    def units(self, key: str) -> int:
        """Units that YouTube counted today."""
        return self.youtube.units[key, pacific_day(self.clock.now())]

    def counted(self, key: str) -> int:
        """Searches that YouTube counted today."""
        return self.youtube.counted[key, pacific_day(self.clock.now())]


def read_all(log: EventLog, *topics: str) -> list[Record]:
    reader = log.reader(topics)
    try:
        return reader.read_to_end()
    finally:
        reader.close()


def ids(videos: Sequence[ModelVideo]) -> set[str]:
    return {video.id for video in videos}
