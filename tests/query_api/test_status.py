import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from event_log import NewRecord
from event_log.embedded import EmbeddedLog
from event_log.kafka import KafkaLog
from query_api.outage import Outage
from query_api.producer_view import STALE_AFTER, ProducerSnapshot, ProducerView, local
from schemas import (
    ALL_TOPICS,
    DEAD_LETTERS,
    LOOKUPS,
    POLL_STATE,
    RAW,
    BackfillStatus,
    ProducerStatus,
    ProjectStatus,
    SubjectStatus,
    YouTubeAway,
    utc_now,
)
from schemas.groups import PROCESSOR_GROUP
from stack.ports import free_port
from tests.query_api.service import JSON, KEY, Service

NOW = utc_now()


def a_status(**changed: object) -> ProducerStatus:
    subject = SubjectStatus(
        id="cats-1",
        query="cats",
        last_poll_at=NOW,
        next_poll_at=NOW + timedelta(minutes=5),
        found=70,
        new=50,
        expected_delay_s=430.0,
        channels=3,
        backfill=BackfillStatus(windows_done=4, windows_left=2, days_left=0.5),
    )
    project = ProjectStatus(
        id="projects/7",
        keys=("…efgh",),
        searches_left=12,
        searches_per_day=100,
        units_left=9_000,
        units_per_day=10_000,
        resets_at=NOW + timedelta(hours=2),
    )
    status = ProducerStatus(
        at=NOW,
        instance="one",
        waiting=None,
        subjects=(subject,),
        projects=(project,),
        channels=3,
        videos=1_000,
        oldest_refreshed_at=NOW - timedelta(days=2),
        awaiting_details=7,
    )
    return status.model_copy(update=changed)


def tell(service: Service, status: ProducerStatus) -> None:
    service.log.create_topics([POLL_STATE])
    service.log.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])


def samples_of(service: Service) -> dict[tuple[str, ...], float]:
    """What Prometheus reads: values by name and labels."""
    text = service.client.get("/metrics").text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_before_a_producer_worked_that_is_said(service: Service) -> None:
    answer = service.client.get("/status")

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["reason"]) == ("away", "no producer has worked here yet")


def test_subjects_and_quota_are_told_as_the_producer_knows_them(service: Service) -> None:
    tell(service, a_status(at=utc_now()))

    body = service.client.get("/status").json()

    assert (body["state"], body["reason"]) == ("polling", None)
    [subject], [project] = body["subjects"], body["projects"]
    assert (subject["query"], subject["found"], subject["new"], subject["expected_delay_s"]) == (
        "cats",
        70,
        50,
        430.0,
    )
    assert subject["backfill"] == {"windows_done": 4, "windows_left": 2, "days_left": 0.5}
    assert (project["searches_left"], project["units_left"], project["keys"]) == (12, 9_000, ["…efgh"])
    assert project["resets_at_local"] == local(NOW + timedelta(hours=2), NOW)


@pytest.mark.parametrize(
    ("status", "away", "state", "reason"),
    [
        (a_status(waiting="no key"), None, "waiting", "no key"),
        (
            a_status(waiting="quota used up", waiting_until=NOW + timedelta(hours=1)),
            None,
            "waiting",
            f"quota used up until {local(NOW + timedelta(hours=1), NOW)}",
        ),
        (a_status(), NOW, "away", f"Kafka is away since {local(NOW, NOW)}"),
        (None, NOW, "away", f"Kafka is away since {local(NOW, NOW)}"),
    ],
    ids=["no key", "quota", "log away", "log away from the start"],  # without times, which processes tell differently
)
def test_why_nothing_is_polled_is_told_in_words(
    status: ProducerStatus | None, away: datetime | None, state: str, reason: str
) -> None:
    seen = ProducerSnapshot(status, status and NOW, away)

    assert seen.state(NOW) == state
    assert (seen.reason(NOW, "Kafka") or "").startswith(reason)


AWAY = YouTubeAway(
    told="YouTube cannot be reached",
    reason="unplugged",
    since=NOW - timedelta(minutes=3),
    tried_again_at=NOW + timedelta(minutes=1),
    stops_polling=True,
    stops_key_checks=True,
)
AWAY_IN_WORDS = (
    f"YouTube cannot be reached since {local(NOW - timedelta(minutes=3), NOW)}, "
    f"tried again at {local(NOW + timedelta(minutes=1), NOW)} (unplugged)"
)


@pytest.mark.parametrize(
    ("changed", "state", "reason"),
    [
        ({}, "waiting", AWAY_IN_WORDS),
        ({"waiting": "no subject"}, "waiting", AWAY_IN_WORDS),
        ({"youtube_away": AWAY.model_copy(update={"stops_polling": False})}, "polling", AWAY_IN_WORDS),
        (
            {"youtube_away": AWAY.model_copy(update={"stops_polling": False}), "waiting": "no subject"},
            "waiting",
            "no subject",
        ),
        (
            {"youtube_away": AWAY.model_copy(update={"tried_again_at": None})},
            "waiting",
            f"YouTube cannot be reached since {local(NOW - timedelta(minutes=3), NOW)} (unplugged)",
        ),
    ],
    ids=["stops all", "before other reasons", "polls go on", "polls wait for another reason", "again at some time"],
)
def test_that_youtube_is_away_is_told_with_since_when_and_when_it_is_tried_again(
    changed: dict[str, object], state: str, reason: str
) -> None:
    seen = ProducerSnapshot(a_status(**{"youtube_away": AWAY} | changed), NOW, None)

    assert (seen.state(NOW), seen.reason(NOW, "Kafka")) == (state, reason)


def test_metrics_tell_that_youtube_is_away(service: Service) -> None:
    tell(service, a_status(at=utc_now(), youtube_away=AWAY))
    samples = samples_of(service)
    assert samples["topicreel_producer_waiting",] == samples["topicreel_youtube_away",] == 1

    tell(service, a_status(at=utc_now()))
    samples = samples_of(service)
    assert samples["topicreel_producer_waiting",] == samples["topicreel_youtube_away",] == 0


def test_a_producer_that_says_nothing_for_a_minute_is_away_and_since_when_is_told_by_this_machines_clock() -> None:
    silent = ProducerSnapshot(a_status(at=NOW), NOW - STALE_AFTER - timedelta(seconds=1), None)
    alive = ProducerSnapshot(a_status(at=NOW - timedelta(days=1)), NOW - STALE_AFTER, None)

    assert silent.state(NOW) == "away"
    assert silent.reason(NOW, "Kafka") == f"the producer was last heard of {local(NOW - STALE_AFTER, NOW)}"
    assert alive.state(NOW) == "polling"


TEN_MINUTES = timedelta(minutes=10)


class Machines:
    """A producer and an API on machines whose clocks differ from YouTube's, by which the status goes, as given."""

    def __init__(self, log: Path, *, producer_ahead: timedelta, api_ahead: timedelta) -> None:
        self._youtube = NOW
        self._ahead_ms = int((NOW + producer_ahead).timestamp() * 1000)
        self._passed_s = 0.0
        self._log = EmbeddedLog(log, clock_ms=lambda: self._ahead_ms + int(self._passed_s * 1000))
        self._log.create_topics([POLL_STATE])
        self._api_ahead = api_ahead
        self.start_api()

    def start_api(self) -> None:
        self._view = ProducerView(
            self._log, Outage(), machine=lambda: self.api_now, monotonic_s=lambda: 5000 + self._passed_s
        )

    @property
    def api_now(self) -> datetime:
        return NOW + self._api_ahead + timedelta(seconds=self._passed_s)

    def tell(self) -> None:
        status = a_status(at=NOW + timedelta(seconds=self._passed_s))
        self._log.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])

    def wait(self, seconds: float) -> None:
        self._passed_s += seconds

    def state(self) -> str:
        return self._view.look().state(self.api_now)

    def reason(self) -> str | None:
        return self._view.look().reason(self.api_now, "the log")

    def close(self) -> None:
        self._log.close()


@pytest.fixture(params=[-TEN_MINUTES, timedelta(0), TEN_MINUTES], ids=["behind", "right", "ahead"])
def one_machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machines]:
    """Both on one machine, whose clock may be wrong."""
    machines = Machines(tmp_path / "log.sqlite", producer_ahead=request.param, api_ahead=request.param)
    yield machines
    machines.close()


@pytest.fixture(params=[-TEN_MINUTES, TEN_MINUTES], ids=["behind", "ahead"])
def two_machines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machines]:
    """The producer's clock is right, the API's is not."""
    machines = Machines(tmp_path / "log.sqlite", producer_ahead=timedelta(0), api_ahead=request.param)
    yield machines
    machines.close()


def test_with_a_wrong_clock_a_working_producer_is_seen_at_the_first_look_and_ever_after(
    one_machine: Machines,
) -> None:
    for _ in range(5):
        one_machine.tell()
        one_machine.wait(30)
        assert one_machine.state() == "polling"


def test_with_a_wrong_clock_a_producer_that_died_is_away_a_minute_later(one_machine: Machines) -> None:
    one_machine.tell()
    assert one_machine.state() == "polling"

    one_machine.wait(60)
    assert one_machine.state() == "polling"

    died = one_machine.api_now - timedelta(seconds=60)
    one_machine.wait(1)
    assert one_machine.state() == "away"
    assert one_machine.reason() == f"the producer was last heard of {local(died, one_machine.api_now)}"


def test_with_a_wrong_clock_an_old_status_is_away_also_for_an_api_that_starts_or_was_not_asked_for_long(
    one_machine: Machines,
) -> None:
    assert one_machine.state() == "away"
    one_machine.tell()
    one_machine.wait(61)
    assert one_machine.state() == "away"

    one_machine.start_api()
    assert one_machine.state() == "away"


def test_an_api_whose_clock_differs_from_the_producers_knows_after_the_second_look(two_machines: Machines) -> None:
    two_machines.tell()
    two_machines.state()

    for _ in range(5):
        two_machines.wait(30)
        two_machines.tell()
        assert two_machines.state() == "polling"


def test_an_api_whose_clock_differs_from_the_producers_takes_a_dead_one_for_alive_for_no_more_than_a_minute(
    two_machines: Machines,
) -> None:
    two_machines.tell()

    for _ in range(30):
        two_machines.wait(60)
        two_machines.start_api()
        two_machines.state()
        two_machines.wait(61)
        assert two_machines.state() == "away"


def test_while_the_log_is_away_what_was_known_is_told_and_since_when(service: Service, tmp_path: Path) -> None:
    tell(service, a_status(at=utc_now()))
    service.client.get("/status")
    for file in tmp_path.glob("log.sqlite*"):
        file.write_bytes(b"no database" * 1_000)

    body = service.client.get("/status").json()

    assert body["state"] == "away"
    assert body["reason"].startswith("the log is away since ")
    assert body["subjects"][0]["query"] == "cats"
    assert service.client.get("/metrics").status_code == 200


def test_nobody_waits_long_for_a_kafka_that_is_away_however_many_ask() -> None:
    with KafkaLog(f"127.0.0.1:{free_port()}") as log:
        view = ProducerView(log, Outage(), patience_s=0.2)
        began = time.monotonic()

        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda _: view.look(), range(32)))

        assert time.monotonic() - began < 5
        assert len({each.log_away_since for each in seen}) == 1
        assert seen[0].log_away_since is not None


def test_metrics_are_what_prometheus_reads(service: Service) -> None:
    tell(service, a_status(at=utc_now()))
    service.client.post("/add_api_key", json={"key": KEY})

    text = service.client.get("/metrics").text
    samples = samples_of(service)

    assert samples["topicreel_producer_up",] == 1
    assert samples["topicreel_results_total", "cats-1"] == 70
    assert samples["topicreel_new_videos_total", "cats-1"] == 50
    assert samples["topicreel_quota_left", "projects/7", "searches"] == 12
    assert samples["topicreel_quota_left", "projects/7", "units"] == 9_000
    assert samples["topicreel_videos",] == 1_000
    assert samples["topicreel_keys", "valid"] == samples["topicreel_keys", "invalid"] == 0
    assert samples["topicreel_keys", "unchecked"] == 1
    assert "efgh" not in text
    assert KEY not in text


def test_what_waits_for_the_processor_and_what_it_gave_up_is_counted(service: Service) -> None:
    service.log.create_topics(ALL_TOPICS)
    service.log.append([NewRecord(RAW.name, f"video-{number}", b"{}") for number in range(5)])
    service.log.append([NewRecord(LOOKUPS.name, "video-1", None)])
    service.log.append([NewRecord(DEAD_LETTERS.name, "video-9", b"{}")] * 2)
    processor = service.log.consumer(PROCESSOR_GROUP, [RAW.name, LOOKUPS.name])
    processor.poll(2, 1.0)
    processor.commit()
    processor.close()

    samples = samples_of(service)

    waiting = [samples["topicreel_processor_lag_records", "0", topic.name] for topic in (RAW, LOOKUPS)]
    assert sum(waiting) == 4
    assert samples["topicreel_dead_letters",] == 2


def test_requests_are_counted_by_what_they_matched(service: Service) -> None:
    for path in ("/videos/a", "/videos/b", "/nowhere/at/all", "/videos/%FF"):
        service.client.get(path)
    service.client.head("/healthz")
    service.client.request("BREW", "/healthz", headers=JSON)

    counted = samples_of(service)

    assert counted["topicreel_api_requests_total", "/videos/{video_id}", "404", "GET"] == 2
    assert counted["topicreel_api_requests_total", "/healthz", "200", "HEAD"] == 1
    assert counted["topicreel_api_requests_total", "404", "GET", "none"] == 1
    assert counted["topicreel_api_requests_total", "400", "GET", "none"] == 1
    assert counted["topicreel_api_requests_total", "/healthz", "405", "other"] == 1
    assert counted["topicreel_api_request_duration_seconds_count", "/videos/{video_id}"] == 2


def test_metrics_of_a_service_without_a_producer_say_that_it_is_not_up(service: Service) -> None:
    assert "topicreel_producer_up 0.0" in service.client.get("/metrics").text
