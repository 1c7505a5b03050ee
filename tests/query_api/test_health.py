import socket
from pathlib import Path
from threading import Barrier

from event_log.embedded import EmbeddedLog
from stack.ports import free_port
from tests.query_api.service import Service, problem, serving
from tests.video_index.contract import a_video, fill
from video_index.elasticsearch import ElasticsearchIndex
from video_index.embedded import EmbeddedIndex


def test_the_process_answers(service: Service) -> None:
    answer = service.client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_it_is_ready_when_log_and_index_answer(service: Service) -> None:
    answer = service.client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "dependencies": {"index": "ok", "log": "ok"},
        "simulated": False,
    }


def test_while_the_log_is_away_it_says_so_and_is_ready_to_read(service: Service) -> None:
    fill(service.index, [a_video("a", "cats")])
    service.log.close()

    answer = service.client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ready to read"
    assert answer.json()["dependencies"]["index"] == "ok"
    assert answer.json()["dependencies"]["log"].startswith("away: ")
    assert service.client.get("/healthz").status_code == 200
    assert service.search(q="cats")["total"]["value"] == 1
    assert service.client.get("/videos/a").status_code == 200
    problem(service.client.post("/subjects", json={"query": "cats"}), 503)


def test_an_outage_that_was_noticed_here_began_then(service: Service, tmp_path: Path) -> None:
    service.log.close()
    (tmp_path / "log.sqlite").unlink()
    service.client.get("/readyz")
    began = service.app.state.outage.since

    service.client.get("/status")

    assert began is not None
    assert service.app.state.outage.since == began


def test_it_says_when_the_index_is_away(tmp_path: Path) -> None:
    away = ElasticsearchIndex(f"http://someone:a-secret@127.0.0.1:{free_port()}", timeout_s=1)
    with serving(tmp_path, index=away) as service:
        answer = service.client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert answer.json()["dependencies"]["log"] == "ok"
    assert answer.json()["dependencies"]["index"].startswith("away: ")
    assert "a-secret" not in answer.text


def test_log_and_index_are_asked_at_the_same_time(tmp_path: Path) -> None:
    both = Barrier(2)

    class MetLog(EmbeddedLog):
        def check(self) -> None:
            both.wait(2)
            super().check()

    class MetIndex(EmbeddedIndex):
        def check(self) -> None:
            both.wait(2)
            super().check()

    with serving(tmp_path, MetIndex(tmp_path / "index"), MetLog(tmp_path / "log.sqlite")) as service:
        service.index.ensure()

        assert service.client.get("/readyz").json()["status"] == "ready"


def test_an_index_that_does_not_answer_is_away_before_its_own_patience_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = ElasticsearchIndex(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=10)
        with serving(tmp_path, index) as service:
            answer = service.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["dependencies"] == {"index": "away: no answer for 3 s", "log": "ok"}
