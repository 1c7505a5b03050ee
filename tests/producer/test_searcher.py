from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from event_log import LogUnavailableError, NewRecord
from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from producer.caller import Caller
from producer.errors import (
    BurstError,
    NoCallLeftError,
    PageTokenError,
    RequestRefusedError,
    StoppedError,
    UnavailableError,
)
from producer.http import HttpClient, httpx
from producer.outage import Outage
from producer.quota import Limits
from producer.reach import CallPurpose
from producer.searcher import LONGEST_FREE_PAUSE_S, LONGEST_PAUSE_S, Searcher
from producer.state import Control, Notebook
from producer.youtube import SearchRequest, YouTubeClient
from schemas import ALL_TOPICS, CONTROL, POLL_STATE, KeyHealth, Window
from tests.producer import youtube_errors
from tests.producer.crashes import FailingLog
from tests.producer.model_search import START, ModelSearch, videos_at
from tests.producer.scripted import KEYS, URL, VAULT, WRONG_KEY, HandClock, ScriptedYouTube, read_all

REQUEST = SearchRequest("tea", Window(start=START, end=START + timedelta(hours=1)))
TEA = CallPurpose("subject/tea")
FIRST, SECOND = (VAULT.recognise(key) for key in KEYS[:2])


def _never(call: str, records: Sequence[NewRecord]) -> bool:
    return False


class Bench:
    """A searcher with two keys, on a log, against a scripted YouTube."""

    def __init__(self, log: EmbeddedLog, *keys: str) -> None:
        self.clock = HandClock()
        self.youtube = ScriptedYouTube(self.clock, {"tea": ModelSearch(videos_at(5))}, {key: key for key in KEYS})
        self.fails: Callable[[str, Sequence[NewRecord]], bool] = _never
        self.log = FailingLog(log, self._is_away)
        for number, key in enumerate(keys or KEYS[:2]):
            self.add(key, number)
        self.control, self.notebook = Control(log), Notebook(self.log)  # type: ignore[arg-type]
        self.control.refresh()
        self.notebook.refresh()
        self.client = YouTubeClient(HttpClient(httpx.MockTransport(self.youtube)), URL)
        self.caller = Caller(
            vault=VAULT, control=self.control, notebook=self.notebook, limits=Limits(), clock=self.clock
        )
        self.searcher = Searcher(
            client=self.client,
            caller=self.caller,
            outage=Outage("youtube", lambda: 1.0),
        )

    def _is_away(self, call: str, records: Sequence[NewRecord]) -> bool:
        return self.fails(call, records)

    def add(self, key: str, number: int, vault: KeyVault = VAULT) -> None:
        sealed = vault.seal(key, source="api", added_at=START + timedelta(seconds=number))
        self.log.append([NewRecord(CONTROL.name, sealed.key, sealed.to_json())])

    def answer(self, *answers: httpx.Response | Exception | None) -> None:
        """What comes in YouTube's place, one after the other."""
        planned = iter(answers)

        def fault(request: httpx.Request) -> httpx.Response | None:
            answer = next(planned, None)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.youtube.fault = fault

    def search(self) -> list[str | None]:
        return [item.video_id for item in self.searcher.search(REQUEST, TEA).items]

    def reserved(self) -> list[int]:
        """By project, as it is on the log."""
        notebook = Notebook(self.log)  # type: ignore[arg-type]
        notebook.refresh()
        return [quota.searches for _, quota in sorted(notebook.quotas.items())]


@pytest.fixture
def log(tmp_path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


@pytest.fixture
def bench(log) -> Bench:
    return Bench(log)


def test_a_search_is_on_the_ledger_before_it_is_sent(bench):
    seen: list[list[int]] = []
    bench.youtube.before = lambda _: seen.append(bench.reserved())

    assert bench.search() == bench.search() == ["video0"]

    assert seen == [[1], [2]]


@pytest.mark.parametrize("taken", [False, True], ids=["not taken", "taken but not confirmed"])
def test_what_cannot_be_reserved_is_not_sent(bench, log, taken):
    def away(call, records):
        if taken and call == "append":
            log.append(records)
        return call == "append"

    bench.fails = away

    with pytest.raises(LogUnavailableError):
        bench.search()

    assert not bench.youtube.requests


def test_a_search_that_never_left_is_given_back(bench):
    bench.answer(*[httpx.ConnectError("unplugged")] * 3)

    with pytest.raises(UnavailableError):
        bench.search()

    assert bench.reserved() == [0]


def test_a_search_that_may_have_arrived_stays_reserved(bench):
    bench.answer(httpx.ReadTimeout("silent"))

    with pytest.raises(UnavailableError):
        bench.search()

    assert bench.reserved() == [1]


@pytest.mark.parametrize(
    "failure",
    [youtube_errors.backend_error(), youtube_errors.burst(), httpx.ReadTimeout("silent"), httpx.Response(200)],
)
def test_a_failure_that_may_pass_is_left_to_the_caller_after_one_search(bench, failure):
    bench.answer(failure)

    with pytest.raises((UnavailableError, BurstError)):
        bench.search()

    assert len(bench.youtube.requests) == 1
    assert bench.search() == ["video0"]


def pauses(bench: Bench, error: UnavailableError | BurstError, searches_left: int = 100) -> list[float]:
    """Of thirty failures in a row, each as long as it may be."""
    reset = START + timedelta(hours=8)
    return [bench.searcher.pause_after(error, searches_left, reset, START) for _ in range(30)]


def test_pauses_grow_and_an_outage_that_costs_quota_is_looked_at_more_rarely_than_one_that_does_not(bench):
    assert pauses(bench, BurstError())[:4] == [1, 2, 4, 8]
    assert pauses(bench, UnavailableError("", sent=True))[-1] == LONGEST_PAUSE_S
    assert pauses(bench, UnavailableError("", sent=False))[-1] == LONGEST_FREE_PAUSE_S


def test_an_outage_uses_up_no_more_searches_than_the_day_has_for_its_rest(bench):
    assert pauses(bench, BurstError(), searches_left=8)[-1] == 2 * 3600
    assert pauses(bench, BurstError(), searches_left=0)[-1] == 8 * 3600
    assert pauses(bench, UnavailableError("", sent=False), searches_left=8)[-1] == LONGEST_FREE_PAUSE_S


@pytest.mark.parametrize(
    ("answer", "error"),
    [(youtube_errors.invalid_token(), PageTokenError), (youtube_errors.invalid_parameter("q"), RequestRefusedError)],
)
def test_a_request_that_is_refused_is_not_repeated(bench, answer, error):
    bench.answer(answer)

    with pytest.raises(error):
        bench.search()

    assert bench.reserved() == [1]


def test_a_project_that_youtube_calls_used_up_rests_and_the_next_key_searches(bench):
    bench.youtube.per_day[KEYS[0]] = 0

    assert bench.search() == bench.search() == ["video0"]

    assert bench.notebook.quotas[FIRST].searches_exhausted
    assert bench.reserved() == [1, 2]


def test_a_refused_key_is_retired_and_the_next_key_searches(log):
    bench = Bench(log, WRONG_KEY, KEYS[0])

    assert bench.search() == bench.search() == ["video0"]

    health = bench.notebook.health[VAULT.recognise(WRONG_KEY)]
    assert health.retired_at is not None
    assert "API_KEY_INVALID" in (health.retired_reason or "")
    assert bench.reserved() == [1, 2]


def test_a_key_sealed_with_another_secret_is_retired_without_a_search(bench, log):
    foreign = KeyVault(b"MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=")
    bench.add("foreign-key-01", -1, foreign)
    bench.control.refresh()

    assert bench.search() == ["video0"]

    health = bench.notebook.health[foreign.recognise("foreign-key-01")]
    assert "another secret" in (health.retired_reason or "")
    assert bench.reserved() == [1]


def test_with_no_key_left_there_is_no_search(log):
    bench = Bench(log, WRONG_KEY)

    with pytest.raises(NoCallLeftError):
        bench.search()
    with pytest.raises(NoCallLeftError):
        bench.search()

    assert len(bench.youtube.requests) == 1


def test_a_retired_key_is_not_tried(bench):
    bench.notebook.write(KeyHealth(id=FIRST, retired_at=bench.clock.now()))
    bench.search()

    assert bench.youtube.requests[0].headers["X-Goog-Api-Key"] == KEYS[1]


def test_a_stop_is_noticed_before_a_search(bench):
    bench.clock.end = START

    with pytest.raises(StoppedError):
        bench.search()
    assert not bench.youtube.requests


def test_when_used_up_at_midnight_the_next_day_begins_a_new_ledger(bench):
    for key in KEYS[:2]:
        bench.youtube.per_day[key] = 0
    with pytest.raises(NoCallLeftError):
        bench.search()

    bench.youtube.per_day.clear()
    bench.clock.moment = START + timedelta(hours=8)

    assert bench.search() == ["video0"]
    assert bench.notebook.quotas[FIRST].searches == 1


# --- what calls tell of keys and projects


def test_a_key_that_is_accepted_is_noted_as_checked_once(bench, log):
    bench.search()
    bench.search()

    assert bench.notebook.health[FIRST].is_checked(bench.control.keys[FIRST])
    notes = [record for record in read_all(log, POLL_STATE.name) if record.key == f"api-key/{FIRST}"]
    assert len(notes) == 1


def test_a_check_costs_a_unit_and_no_search(bench):
    key = bench.control.keys[FIRST]

    bench.caller.check(key, bench.client.check)

    assert bench.notebook.health[FIRST].is_checked(key)
    assert (bench.notebook.quotas[FIRST].searches, bench.notebook.quotas[FIRST].units) == (0, 1)


def test_a_check_that_is_refused_retires_the_key_with_the_reason(log):
    bench = Bench(log, WRONG_KEY)
    [key] = bench.control.keys.values()

    bench.caller.check(key, bench.client.check)

    assert bench.notebook.health[key.id].refuses(key)
    assert "API_KEY_INVALID" in (bench.notebook.health[key.id].retired_reason or "")


def test_a_check_that_fails_tells_nothing_of_the_key(bench):
    key = bench.control.keys[FIRST]
    bench.youtube.unit_fault = lambda _: youtube_errors.backend_error()

    with pytest.raises(UnavailableError):
        bench.caller.check(key, bench.client.check)

    assert FIRST not in bench.notebook.health


def test_keys_of_one_project_number_share_its_day_from_then_on(bench):
    """Two keys were added as two projects; YouTube names one project for both when their day is over."""
    bench.youtube.projects = dict.fromkeys(KEYS, "one")
    bench.youtube.per_day["one"] = 3
    bench.youtube.fault = lambda _: (
        youtube_errors.day_quota("projects/42") if bench.youtube.spent("one") > 3 else None
    )

    for _ in range(3):
        bench.search()
    with pytest.raises(NoCallLeftError):
        bench.search()

    assert {bench.notebook.health[key].project_number for key in (FIRST, SECOND)} == {"projects/42"}
    assert len(bench.caller.projects()) == 1
    sent = len(bench.youtube.requests)
    with pytest.raises(NoCallLeftError):
        bench.search()
    assert len(bench.youtube.requests) == sent
