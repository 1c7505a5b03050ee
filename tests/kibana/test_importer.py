"""The import against a stand-in that answers as Kibana's API is documented."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from kibana import AccessRefusedError, ImportRefusedError, KibanaAwayError, import_file, import_objects
from kibana.__main__ import main
from kibana.answer import imported
from kibana.settings import KibanaSettings
from tests.kibana.stand_in import StandIn, running
from waiting import Patience

FILE = import_file("http://127.0.0.1:8000")
COUNT = FILE.count(b"\n")


@pytest.fixture(autouse=True)
def nothing_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No `.env`, and the signals of the tests' own process as they were."""
    monkeypatch.chdir(tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def kibana() -> Iterator[StandIn]:
    with running() as stand_in:
        yield stand_in


class Waits:
    """Patience that waits for nothing, and a clock that goes on by as much as it would have waited."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.patience = Patience(Event(), first_s=1.0, longest_s=15.0, wait=self._wait, jitter=lambda: 1.0)

    def clock(self) -> float:
        return sum(self.waited)

    def _wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return False


def put(url: str, file: bytes = FILE, authorization: str | None = None, waits: Waits | None = None) -> int:
    waits = waits or Waits()
    return import_objects(url, file, waits.patience, authorization=authorization, wait_s=60, clock=waits.clock)


def test_every_object_is_imported(kibana: StandIn) -> None:
    assert put(kibana.url) == COUNT

    assert list(kibana.objects) == [(each["type"], each["id"]) for each in map(json.loads, FILE.splitlines())]


def test_a_second_import_replaces_what_the_first_one_brought(kibana: StandIn) -> None:
    put(kibana.url)

    assert put(kibana.url + "/", import_file("https://videos.example")) == COUNT

    assert len(kibana.objects) == COUNT
    assert "videos.example" in json.dumps(kibana.objects[("visualization", "topicreel-welcome")])


def test_a_kibana_that_is_not_ready_is_waited_for_longer_each_time(kibana: StandIn) -> None:
    kibana.not_ready_for, waits = 4, Waits()

    assert put(kibana.url, waits=waits) == COUNT

    assert waits.waited == [1, 2, 4, 8]


def test_a_kibana_that_stays_away_is_told_with_its_last_answer(kibana: StandIn) -> None:
    kibana.not_ready_for, waits = 1000, Waits()

    with pytest.raises(KibanaAwayError, match=r"\(503\): Kibana server is not ready yet"):
        put(kibana.url, waits=waits)

    assert 60 <= sum(waits.waited) < 80


def test_where_nothing_listens_is_told() -> None:
    with running() as gone:
        pass

    with pytest.raises(KibanaAwayError, match=r"cannot be reached: .*refused"):
        put(gone.url)


def test_credentials_are_sent(kibana: StandIn) -> None:
    kibana.credentials = "ApiKey a-key"

    assert put(kibana.url, authorization="ApiKey a-key") == COUNT


def test_refused_credentials_name_the_settings_and_not_their_values(kibana: StandIn) -> None:
    kibana.credentials = "ApiKey a-key"

    with pytest.raises(AccessRefusedError, match=r"\(401\).*KIBANA_API_KEY.*KIBANA_PASSWORD") as refusal:
        put(kibana.url, authorization="ApiKey a-wrong-key")

    assert "a-wrong-key" not in str(refusal.value)
    assert kibana.requests == 1, "a refusal is not tried again"


def test_credentials_do_not_follow_a_redirect(kibana: StandIn) -> None:
    with running() as other:
        kibana.elsewhere = other.url

        with pytest.raises(ImportRefusedError, match=r"KIBANA_URL .*\(302\)"):
            put(kibana.url, authorization="ApiKey a-key")

        assert other.requests == 0


def test_an_address_below_kibanas_own_is_told(kibana: StandIn) -> None:
    with pytest.raises(ImportRefusedError, match=r"\(404\).*base path"):
        put(kibana.url + "/somewhere")


def test_a_missing_reference_names_what_lacks_and_what_is_lacking(kibana: StandIn) -> None:
    without_view = b"\n".join(line for line in FILE.splitlines() if b'{"type": "index-pattern"' not in line)

    with pytest.raises(ImportRefusedError, match="lens topicreel-lag needs index-pattern topicreel-health, which is"):
        put(kibana.url, without_view)


def test_an_object_that_is_in_the_file_twice_is_told_in_kibanas_words(kibana: StandIn) -> None:
    with pytest.raises(ImportRefusedError, match=r"\(400\): Non-unique import objects"):
        put(kibana.url, FILE + FILE)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"type": "conflict"}, "lens x is there already, and is not this one"),
        ({"type": "ambiguous_conflict", "destinations": []}, "lens x is there already, and is not this one"),
        ({"type": "unsupported_type"}, "lens x is of a type that this Kibana does not know"),
        (
            {"type": "unknown", "message": "belongs to a more recent version", "statusCode": 400},
            "more recent version",
        ),
        ({}, "lens x: no reason given"),
    ],
)
def test_each_kind_of_failure_is_told(error: dict[str, object], told: str) -> None:
    failure = {"type": "lens", "id": "x", "error": error}

    with pytest.raises(ImportRefusedError, match=told):
        imported(200, json.dumps({"success": False, "successCount": 0, "errors": [failure]}).encode())


@pytest.mark.parametrize("body", [b"", b"<html>a page</html>", b"[]", b"3", b"\xff", b'{"success": false}'])
def test_an_answer_of_something_else_is_refused(body: bytes) -> None:
    with pytest.raises(ImportRefusedError):
        imported(200, body)


def test_long_answers_are_told_in_short() -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        imported(400, b"x" * 100_000)

    assert len(str(refusal.value)) < 400


def test_the_command_imports_with_the_credentials_of_the_settings(
    kibana: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    kibana.credentials = "Basic ZWxhc3RpYzpzZWNyZXQ="
    monkeypatch.setenv("KIBANA_PASSWORD", "secret")

    assert main(["import", "--url", kibana.url]) == 0

    assert len(kibana.objects) == COUNT


def test_the_command_says_with_its_exit_code_whether_to_try_again(
    kibana: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    kibana.not_ready_for = 1

    assert main(["import", "--url", kibana.url, "--wait", "0"]) == 1
    assert main(["import", "--url", kibana.url + "/somewhere"]) == 2

    assert "not ready yet" in capsys.readouterr().err


def test_the_command_writes_the_file_that_it_would_import(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["build"]) == 0

    assert capfdbinary.readouterr().out == FILE


@pytest.mark.parametrize("name", ["KIBANA_URL", "PAGE_URL"])
def test_an_address_that_is_none_is_refused_at_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "kibana:5601")

    assert main(["build"]) == 2


def test_an_api_key_counts_before_a_password() -> None:
    settings = KibanaSettings(kibana_api_key="a-key", kibana_password="secret")

    assert settings.authorization == "ApiKey a-key"
    assert "a-key" not in repr(settings)
    assert "secret" not in repr(settings)
