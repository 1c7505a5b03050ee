"""Alerts on a real log, delivered to a webhook on loopback."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from event_log import EventLog, NewRecord, Record
from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from query_api.alert_runner import AlertRunner
from query_api.alerts import Alerts
from query_api.retry import Retry
from query_api.webhooks import Webhooks, signature
from schemas import ALERTS, ALL_TOPICS, DEAD_LETTERS, VIDEOS, Alert, AlertProgress, DeadLetter, Video, VideoDetails
from tests.query_api.test_stream import new_video
from tests.query_api.webhook import Webhook, receiving
from tests.video_index.contract import a_video, await_condition

SECRET = "a-secret-of-the-receiver"
QUICKLY = Retry(first_s=0.02, longest_s=0.05)
GIVES_UP = Retry(first_s=0.01, longest_s=0.02, give_up_after_s=0.0, least_attempts=3)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        yield log


@pytest.fixture
def alerts(log: EventLog, tmp_path: Path) -> Iterator[Alerts]:
    alerts = Alerts(log, KeyVault.open(tmp_path))
    yield alerts
    alerts.close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with receiving() as webhook:
        yield webhook


@contextmanager
def running(log: EventLog, alerts: Alerts, retry: Retry = QUICKLY) -> Iterator[AlertRunner]:
    runner = AlertRunner(log, alerts, Webhooks(allow_private=True), retry)
    runner.start()
    try:
        yield runner
    finally:
        runner.close()


def an_alert(alerts: Alerts, webhook: Webhook, name: str = "an alert", **filters: str) -> Alert:
    created = alerts.create(name, filters, webhook.address, "http://127.0.0.1", SECRET)
    assert created is not None
    return created[0]


def tell(log: EventLog, *videos: Video) -> None:
    log.append([NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos])


def numbered(*numbers: int) -> list[Video]:
    return [new_video(f"v{number}", f"Number {number}") for number in numbers]


def progress(alerts: Alerts, alert: Alert) -> AlertProgress:
    known = alerts.get(alert.id)
    assert known is not None
    return known.progress or AlertProgress(id=alert.id, positions={})


def is_running(alert: Alert) -> bool:
    """Whether it has a thread that delivers it."""
    return any(thread.name == f"alert {alert.id}" for thread in threading.enumerate())


def await_ids(webhook: Webhook, *ids: str) -> None:
    await_condition(lambda: len(webhook.ids()) >= len(ids))
    assert webhook.ids() == list(ids)


def test_new_matches_are_posted_signed(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    alert = an_alert(alerts, webhook, q="number", published_after="now-36500d")

    with running(log, alerts):
        tell(log, a_video("known", "Number", details=VideoDetails()), new_video("other", "Else"), *numbered(1, 2))
        await_ids(webhook, "v1", "v2")

    post = webhook.posts[0]
    stamp = int(post.headers["x-topicreel-signature"].partition(",")[0].removeprefix("t="))
    assert post.headers["x-topicreel-signature"] == signature(SECRET, stamp, post.body)
    assert abs(time.time() - stamp) < 60
    assert post.path == "/hooks/very-secret-path"
    assert f'"alert":{{"id":"{alert.id}","name":"an alert"}}'.encode() in post.body
    assert b'"url":"https://www.youtube.com/watch?v=v1"' in post.body
    await_condition(lambda: progress(alerts, alert).delivered == 2)
    assert progress(alerts, alert).last_delivered_at is not None


def test_what_is_found_between_the_making_and_the_first_look_is_delivered(
    log: EventLog, alerts: Alerts, webhook: Webhook
) -> None:
    tell(log, *numbered(0))
    an_alert(alerts, webhook)
    tell(log, *numbered(1))

    with running(log, alerts):
        await_ids(webhook, "v1")


def test_a_video_that_changes_is_delivered_once_also_after_a_restart(
    log: EventLog, alerts: Alerts, webhook: Webhook
) -> None:
    alert = an_alert(alerts, webhook)
    with running(log, alerts):
        tell(log, *numbered(1))
        await_ids(webhook, "v1")
        await_condition(lambda: progress(alerts, alert).delivered == 1)

    tell(log, new_video("v1", details=VideoDetails(duration_s=1)), *numbered(2))

    with running(log, alerts):
        await_ids(webhook, "v1", "v2")


def test_a_webhook_that_fails_is_tried_until_it_accepts(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    alert = an_alert(alerts, webhook)
    webhook.status = 500
    with running(log, alerts):
        tell(log, *numbered(1))
        await_condition(lambda: progress(alerts, alert).failed_attempts >= 2)
        failing = progress(alerts, alert)
        tell(log, *numbered(2))
        webhook.status = 200
        await_condition(lambda: progress(alerts, alert).delivered == 2)

    assert failing.last_failure == "the webhook answered 500"
    assert failing.failing_since is not None
    assert (failing.delivered, failing.given_up) == (0, 0)
    assert webhook.ids()[-2:] == ["v1", "v2"]
    assert len({post.headers["x-topicreel-delivery"] for post in webhook.posts if post.ids == ["v1"]}) == 1
    done = progress(alerts, alert)
    assert (done.failed_attempts, done.failing_since, done.last_failure) == (0, None, None)


def test_a_webhook_that_is_slow_holds_up_no_other(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    with receiving() as slow:
        slow.open.clear()
        an_alert(alerts, slow, "slow")
        an_alert(alerts, webhook, "quick")
        with running(log, alerts):
            for number in range(5):
                tell(log, *numbered(number))
                await_condition(lambda last=f"v{number}": last in webhook.ids())  # type: ignore[misc]
            slow.open.set()
            await_condition(lambda: len(slow.ids()) == 5)

    assert slow.ids() == webhook.ids() == [f"v{number}" for number in range(5)]


def test_more_than_there_is_room_for_arrives_in_order(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    many = 1_000
    webhook.open.clear()
    an_alert(alerts, webhook)
    with running(log, alerts):
        for first in range(0, many, 100):
            tell(log, *numbered(*range(first, first + 100)))
        await_condition(lambda: bool(webhook.posts))
        webhook.open.set()
        await_condition(lambda: len(webhook.ids()) >= many)

    assert webhook.ids() == [f"v{number}" for number in range(many)]
    assert max(len(post.ids) for post in webhook.posts) <= 50


def test_what_no_webhook_takes_for_too_long_is_a_dead_letter_and_the_next_is_tried(
    log: EventLog, alerts: Alerts, webhook: Webhook
) -> None:
    alert = an_alert(alerts, webhook)
    webhook.status = 503
    [video] = numbered(1)
    with running(log, alerts, GIVES_UP):
        tell(log, video)
        await_condition(lambda: progress(alerts, alert).given_up == 1)
        webhook.status = 200
        tell(log, *numbered(2))
        await_condition(lambda: progress(alerts, alert).delivered == 1)

    assert len(webhook.posts) == 4
    reader = log.reader([DEAD_LETTERS.name])
    [record] = reader.read_to_end()
    reader.close()
    assert (record.key, record.value) == (alert.key, video.to_json())
    letter = DeadLetter.from_headers(record.headers)
    assert letter.reason == "the webhook answered 503"
    assert letter.source_topic == VIDEOS.name


def test_a_restart_while_a_webhook_is_away_loses_nothing(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    alert = an_alert(alerts, webhook)
    webhook.status = 500
    with running(log, alerts):
        tell(log, *numbered(1, 2))
        await_condition(lambda: progress(alerts, alert).failed_attempts >= 1)
    tell(log, *numbered(3))
    webhook.posts.clear()
    webhook.status = 200

    with running(log, alerts):
        await_ids(webhook, "v1", "v2", "v3")


def test_a_removed_alert_is_delivered_no_more(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    removed, kept = an_alert(alerts, webhook, q="one"), an_alert(alerts, webhook)
    with running(log, alerts):
        tell(log, new_video("a", "one"))
        await_condition(lambda: webhook.ids() == ["a", "a"])
        assert is_running(removed)
        assert alerts.remove(removed.id)
        await_condition(lambda: not is_running(removed))
        assert is_running(kept)
        tell(log, new_video("b", "one"), new_video("c"))
        await_condition(lambda: "c" in webhook.ids())

    assert webhook.ids().count("b") == 1


def test_of_an_alert_that_is_removed_during_a_post_nothing_remains(
    log: EventLog, alerts: Alerts, webhook: Webhook
) -> None:
    removed, _kept = an_alert(alerts, webhook, q="one"), an_alert(alerts, webhook, q="else")
    webhook.open.clear()
    with running(log, alerts):
        tell(log, new_video("a", "one"))
        await_condition(lambda: webhook.ids() == ["a"])
        assert alerts.remove(removed.id)
        webhook.open.set()
        await_condition(lambda: len(records_of(log, removed)) == 2)

        written, last = records_of(log, removed)
        assert (written.value is None, last.value) == (False, None)
        assert alerts.left_over() == []


def records_of(log: EventLog, alert: Alert) -> list[Record]:
    """What the log says of its progress."""
    with closing(log.reader([ALERTS.name])) as reader:
        return [record for record in reader.read_to_end() if record.key == f"progress/{alert.id}"]


def test_of_two_services_one_delivers_and_the_other_goes_on_where_it_ends(
    log: EventLog, tmp_path: Path, alerts: Alerts, webhook: Webhook
) -> None:
    alert = an_alert(alerts, webhook)
    with EmbeddedLog(tmp_path / "log.sqlite") as other_log:
        others = Alerts(other_log, KeyVault.open(tmp_path))
        with running(other_log, others):
            with running(log, alerts):
                tell(log, *numbered(1, 2))
                await_condition(lambda: len(webhook.ids()) >= 2)
                await_condition(lambda: progress(alerts, alert).delivered == 2)
            tell(log, *numbered(3))
            await_ids(webhook, "v1", "v2", "v3")
        others.close()


def test_an_alert_of_another_encryption_key_holds_up_no_other(
    log: EventLog, tmp_path: Path, alerts: Alerts, webhook: Webhook
) -> None:
    strange = Alerts(log, KeyVault.open(tmp_path / "other"))
    an_alert(strange, webhook)
    strange.close()
    an_alert(alerts, webhook)

    with running(log, alerts):
        tell(log, *numbered(1))
        await_ids(webhook, "v1")


def test_pauses_double_up_to_the_longest_with_full_jitter() -> None:
    full = Retry(jitter=lambda: 1.0)

    assert [full.pause_s(attempts) for attempts in (1, 2, 3, 12, 13, 1_000)] == [1, 2, 4, 2_048, 3_600, 3_600]
    assert Retry(jitter=lambda: 0.0).pause_s(9) == 0
    assert not full.is_over(4, 90_000)
    assert not full.is_over(50, 86_000)
    assert full.is_over(5, 86_400)


def test_nothing_that_is_stored_tells_a_secret(log: EventLog, alerts: Alerts, webhook: Webhook) -> None:
    alert = an_alert(alerts, webhook)
    target = alerts.target(alert)

    assert SECRET not in alert.model_dump_json()
    assert "very-secret-path" not in alert.model_dump_json()
    assert SECRET not in repr(target)
    assert (target.webhook.get_secret_value(), target.secret.get_secret_value()) == (webhook.address, SECRET)
