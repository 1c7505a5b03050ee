"""`/alerts` over HTTP; `test_alert_runner.py` has what becomes of them."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx2
import pytest

from event_log import NewRecord
from event_log.embedded import EmbeddedLog
from event_log.embedded_reading import EmbeddedReader
from key_vault import KeyVault
from query_api.alerts import MAX_ALERTS, Alerts
from schemas import ALERTS, ALL_TOPICS, VIDEOS
from stack.ports import free_port
from tests.query_api.service import Service, problem, serving
from tests.query_api.test_stream import new_video
from tests.query_api.webhook import Webhook, receiving
from tests.video_index.contract import await_condition

SECRET = "a-secret-of-the-receiver"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with receiving() as webhook:
        yield webhook


@pytest.fixture
def alerting(tmp_path: Path) -> Iterator[Service]:
    """A service that may post to this machine."""
    with serving(tmp_path, allow_private_webhooks=True) as service:
        yield service


def new(hook: Webhook, /, **fields: Any) -> dict[str, Any]:
    return {"name": "rust", "filters": {"q": "rust"}, "webhook": hook.address, **fields}


def create(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    answer = service.client.post("/alerts", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_alert_is_told_with_its_secrets_once_and_without_them_later(alerting: Service, webhook: Webhook) -> None:
    made = create(alerting, new(webhook, secret=SECRET))

    assert (made["name"], made["filters"], made["delivered"]) == ("rust", {"q": "rust"}, 0)
    assert (made["webhook"], made["secret"]) == (webhook.address, SECRET)
    shown = alerting.client.get(f"/alerts/{made['id']}").json()
    assert (shown["webhook"], shown["secret"]) == (f"http://127.0.0.1:{webhook.port}", None)
    assert alerting.client.get("/alerts").json() == [shown]
    assert {**made, "webhook": shown["webhook"], "secret": shown["secret"]} == shown


def test_one_that_was_encrypted_with_another_secret_says_why_it_is_not_delivered(
    alerting: Service, webhook: Webhook, tmp_path: Path
) -> None:
    foreign = Alerts(alerting.log, KeyVault.open(tmp_path / "elsewhere"))
    made = foreign.create("rust", {}, webhook.address, "http://127.0.0.1", SECRET)
    foreign.close()
    assert made is not None

    shown = alerting.client.get(f"/alerts/{made[0].id}").json()

    assert "another secret" in shown["last_failure"]
    assert alerting.client.get("/alerts").json() == [shown]


def test_no_end_of_a_secret_is_told_that_an_older_version_noted(alerting: Service, webhook: Webhook) -> None:
    made = create(alerting, new(webhook, secret=f"{SECRET}-Zq9x"))
    reader = alerting.log.reader([ALERTS.name])
    [record] = reader.read_to_end()
    reader.close()
    noted = {**json.loads(record.value or b""), "secret": "…Zq9x"}

    alerting.log.append([NewRecord(ALERTS.name, record.key, json.dumps(noted).encode())])

    assert "Zq9x" not in (record.value or b"").decode()
    assert "Zq9x" not in alerting.client.get("/alerts").text
    assert "Zq9x" not in alerting.client.get(f"/alerts/{made['id']}").text


def test_a_secret_is_made_where_none_is_given(alerting: Service, webhook: Webhook) -> None:
    one, other = (create(alerting, new(webhook))["secret"] for _ in range(2))

    assert len(one) >= 32
    assert one != other


def test_no_log_line_and_no_record_tells_a_secret(
    alerting: Service, webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    webhook.status = 500
    made = create(alerting, new(webhook, secret=SECRET, filters={}))
    alerting.log.create_topics([VIDEOS])
    alerting.log.append([NewRecord(VIDEOS.name, "a", new_video("a").to_json())])
    await_condition(lambda: alerting.client.get(f"/alerts/{made['id']}").json()["failed_attempts"] > 0)

    said = "".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records)
    reader = alerting.log.reader([ALERTS.name])
    stored = b"".join(record.value or b"" for record in reader.read_to_end())
    reader.close()
    assert made["id"] in said
    for secret in (SECRET, "very-secret-path"):
        assert secret not in said
        assert secret.encode() not in stored


def test_new_matches_are_delivered_and_counted(alerting: Service, webhook: Webhook) -> None:
    alerting.log.create_topics([VIDEOS])
    made = create(alerting, new(webhook))
    alerting.log.append([NewRecord(VIDEOS.name, each, new_video(each, each).to_json()) for each in ("go", "rust")])

    await_condition(lambda: alerting.client.get(f"/alerts/{made['id']}").json()["delivered"] == 1)

    assert webhook.ids() == ["rust"]


def test_a_removed_alert_is_gone(alerting: Service, webhook: Webhook) -> None:
    made = create(alerting, new(webhook))

    assert alerting.client.delete(f"/alerts/{made['id']}").status_code == 204

    assert alerting.client.get("/alerts").json() == []
    problem(alerting.client.get(f"/alerts/{made['id']}"), 404, "alert")
    problem(alerting.client.delete(f"/alerts/{made['id']}"), 404, "alert")


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": None}, "name"),
        ({"filters": []}, "filters"),
        ({"filters": {"q": 1}}, "filters"),
        ({"filters": {"q": '"open'}}, "q"),
        ({"filters": {"published_after": "soon"}}, "published_after"),
        ({"filters": {"sort": "newest"}}, "sort"),
        ({"filters": {"x" * 500: "1"}}, "x" * 100),
        ({"webhook": ""}, "webhook"),
        ({"webhook": "nonsense"}, "webhook"),
        ({"webhook": "ftp://127.0.0.1/"}, "webhook"),
        ({"webhook": "https://name.invalid/"}, "webhook"),
        ({"webhook": 1}, "webhook"),
        ({"secret": "short"}, "secret"),
        ({"secret": "x" * 201}, "secret"),
        ({"secret": "with a space in it"}, "secret"),
        ({"secret": "a newline at the end\n"}, "secret"),
        ({"secrets": "unknown"}, "secrets"),
    ],
)
def test_what_is_no_alert_is_a_problem_that_names_the_field(
    alerting: Service, webhook: Webhook, fields: dict[str, Any], parameter: str
) -> None:
    answer = alerting.client.post("/alerts", json=new(webhook, **fields))

    problem(answer, 422, parameter)
    assert "very-secret-path" not in answer.text
    assert alerting.client.get("/alerts").json() == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:7f00:1]"]
)
def test_by_default_a_webhook_within_is_refused(service: Service, webhook: Webhook, host: str) -> None:
    answer = service.client.post("/alerts", json=new(webhook, webhook=f"https://{host}/hook"))

    assert "ALLOW_PRIVATE_WEBHOOKS" in problem(answer, 422, "webhook")["detail"]


def test_an_unreachable_webhook_is_seen_at_its_alert(alerting: Service, webhook: Webhook) -> None:
    alerting.log.create_topics([VIDEOS])
    made = create(alerting, new(webhook, webhook=f"http://127.0.0.1:{free_port()}/"))
    alerting.log.append([NewRecord(VIDEOS.name, "a", new_video("a", "rust").to_json())])

    def state() -> dict[str, Any]:
        shown: dict[str, Any] = alerting.client.get(f"/alerts/{made['id']}").json()
        return shown

    await_condition(lambda: state()["failed_attempts"] > 0)
    assert state()["last_failure"] == "the webhook cannot be reached"


def test_there_are_only_so_many(alerting: Service, webhook: Webhook) -> None:
    alerts = alerting.app.state.alerts
    alerting.app.state.alert_runner.close()
    for _ in range(MAX_ALERTS):
        alerts.create("x", {}, webhook.address, "http://127.0.0.1", SECRET)

    assert str(MAX_ALERTS) in problem(alerting.client.post("/alerts", json=new(webhook)), 422)["detail"]


def test_changes_need_the_token_where_there_is_one(tmp_path: Path, webhook: Webhook) -> None:
    with serving(tmp_path, admin_token="token-of-the-test", allow_private_webhooks=True) as service:
        problem(service.client.post("/alerts", json=new(webhook)), 401)
        problem(service.client.delete("/alerts/x"), 401)
        assert service.client.get("/alerts").json() == []


def test_a_log_that_is_away_is_a_problem(alerting: Service, webhook: Webhook) -> None:
    alerting.app.state.alert_runner.close()
    alerting.log.close()

    problem(alerting.client.post("/alerts", json=new(webhook)), 503)


@contextmanager
def a_process(directory: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The service as a process of its own, killed at the end."""
    settings = {"STACK": "embedded", "DATA_DIR": str(directory), "API_PORT": str(port), "ALLOW_PRIVATE_WEBHOOKS": "1"}
    process = subprocess.Popen([sys.executable, "-m", "query_api"], cwd=ROOT, env={**os.environ, **settings})
    try:
        await_condition(lambda: _answers(port))
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx2.HTTPError:
        return False


def test_a_service_that_is_killed_in_the_middle_of_a_post_repeats_it_and_loses_nothing(
    tmp_path: Path, webhook: Webhook
) -> None:
    webhook.open.clear()
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.create_topics(ALL_TOPICS)
        with a_process(tmp_path, port := free_port()):
            answer = httpx2.post(f"http://127.0.0.1:{port}/alerts", json=new(webhook))
            assert answer.status_code == 201
            log.append(
                [NewRecord(VIDEOS.name, f"v{each}", new_video(f"v{each}", "rust").to_json()) for each in (1, 2)]
            )
            await_condition(lambda: bool(webhook.posts))
        log.append([NewRecord(VIDEOS.name, "v3", new_video("v3", "rust").to_json())])
        webhook.open.set()
        before = len(webhook.ids())

        with a_process(tmp_path, free_port()):
            await_condition(lambda: "v3" in webhook.ids())

    assert webhook.ids()[before:] == ["v1", "v2", "v3"]


class TogetherLog(EmbeddedLog):
    """A log that takes new alerts only once so many services have decided to write one."""

    together = Barrier(4)

    def append(self, records: Sequence[NewRecord]) -> None:
        if records[0].value is not None:
            self.together.wait(20)
        super().append(records)


def make(alerts: Alerts) -> bool:
    return alerts.create("a", {}, "https://hooks.example/a", "https://hooks.example", None) is not None


def test_services_that_write_the_last_alert_in_the_same_moment_agree_on_one(tmp_path: Path) -> None:
    vault = KeyVault.open(tmp_path)
    file = tmp_path / "log.sqlite"

    with EmbeddedLog(file) as log:
        log.create_topics([ALERTS, VIDEOS])
        assert all(make(Alerts(log, vault)) for _ in range(MAX_ALERTS - 1))
        with ExitStack() as logs, ThreadPoolExecutor(4) as threads:
            services = [Alerts(logs.enter_context(TogetherLog(file)), vault) for _ in range(4)]
            made = list(threads.map(make, services))

        assert sum(made) == 1
        assert len(Alerts(log, vault).all()) == MAX_ALERTS


class LeavingLog(EmbeddedLog):
    """A log that can be read no more once it has an alert."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._readers: list[EmbeddedReader] = []

    def reader(self, topics: Sequence[str]) -> EmbeddedReader:
        self._readers.append(super().reader(topics))
        return self._readers[-1]

    def append(self, records: Sequence[NewRecord]) -> None:
        super().append(records)
        for reader in self._readers:
            reader.close()


class FilledLog(EmbeddedLog):
    """A log to which another service is quicker to append, and that is away when an alert is to be taken back."""

    def append(self, records: Sequence[NewRecord]) -> None:
        if records[0].value is None:
            self.close()
        else:
            with EmbeddedLog(self._path) as others:
                assert make(Alerts(others, KeyVault.open(self._path.parent)))
        super().append(records)


@pytest.mark.parametrize(("log_class", "before"), [(LeavingLog, 0), (FilledLog, MAX_ALERTS - 1)])
def test_who_made_an_alert_is_told_its_secret_though_the_log_is_away_afterwards(
    tmp_path: Path, log_class: type[EmbeddedLog], before: int
) -> None:
    vault = KeyVault.open(tmp_path)
    file = tmp_path / "log.sqlite"
    with EmbeddedLog(file) as log:
        log.create_topics([ALERTS, VIDEOS])
        assert all(make(Alerts(log, vault)) for _ in range(before))
        with log_class(file) as leaving:
            made = Alerts(leaving, vault).create("a", {}, "https://hooks.example/a", "https://hooks.example", None)

        assert made is not None
        assert made[0] in [known.alert for known in Alerts(log, vault).all()]
