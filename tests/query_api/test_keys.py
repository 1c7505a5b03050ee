"""Keys, with a producer played by hand: it writes what it found out on the poll state."""

import asyncio
from asyncio import Event, Semaphore
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from event_log import NewRecord, RecordRejectedError
from query_api.key_states import await_check
from schemas import CONTROL, POLL_STATE, ApiKey, KeyHealth, ProducerStatus, YouTubeAway, utc_now
from tests.query_api.service import JSON, KEY, Service, problem, serving


def find_out(service: Service, key_id: str, **found: object) -> None:
    """What a producer would note of a key."""
    service.log.create_topics([POLL_STATE])
    health = KeyHealth(id=key_id, checked_at=utc_now() + timedelta(seconds=1), **found)  # type: ignore[arg-type]
    service.log.append([NewRecord(POLL_STATE.name, health.key, health.to_json())])


def refuse(service: Service, key_id: str) -> None:
    find_out(
        service, key_id, retired_at=utc_now() + timedelta(seconds=1), retired_reason="API_KEY_INVALID: add another"
    )


@pytest.fixture
def key_id(service: Service) -> str:
    found: str = service.client.post("/add_api_key", json={"key": KEY}).json()["id"]
    return found


def state_of(service: Service, key_id: str) -> tuple[str, str | None]:
    answer = service.client.get(f"/api_keys/{key_id}").json()
    assert answer in service.client.get("/api_keys").json()
    return answer["state"], answer["reason"]


def test_at_first_there_are_no_keys(service: Service) -> None:
    assert service.client.get("/api_keys").json() == []


def test_a_key_is_unchecked_then_valid_or_invalid_with_the_reason(service: Service, key_id: str) -> None:
    assert state_of(service, key_id)[0] == "unchecked"

    find_out(service, key_id)
    assert state_of(service, key_id) == ("valid", None)

    refuse(service, key_id)
    assert state_of(service, key_id) == ("invalid", "API_KEY_INVALID: add another")
    assert service.client.get(f"/api_keys/{key_id}").json()["retired_at"] is not None


def test_why_a_key_is_not_checked_is_told(service: Service, key_id: str) -> None:
    assert "no producer has worked here yet" in (state_of(service, key_id)[1] or "")

    status = ProducerStatus(at=utc_now(), instance="one", waiting=None)
    service.log.create_topics([POLL_STATE])
    service.log.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])

    assert "has not come to it" in (state_of(service, key_id)[1] or "")


@pytest.mark.parametrize(
    ("stops_key_checks", "told"), [(True, "YouTube cannot be reached since"), (False, "come to")]
)
def test_where_youtube_answers_no_checks_that_is_why_a_key_is_not_checked(
    service: Service, key_id: str, told: str, *, stops_key_checks: bool
) -> None:
    away = YouTubeAway(
        told="YouTube cannot be reached",
        reason="unplugged",
        since=utc_now(),
        tried_again_at=utc_now(),
        stops_polling=False,
        stops_key_checks=stops_key_checks,
    )
    status = ProducerStatus(at=utc_now(), instance="one", waiting="no subject is followed", youtube_away=away)
    service.log.create_topics([POLL_STATE])
    service.log.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])

    assert told in (state_of(service, key_id)[1] or "")


def test_a_check_needs_no_body(service: Service, key_id: str) -> None:
    assert service.client.post(f"/api_keys/{key_id}/check").status_code == 200


@pytest.mark.parametrize(("body", "parameter"), [(b"\0", "body"), (b"[]", "body"), (b'{"key": "other"}', "key")])
def test_a_body_that_a_check_would_not_read_is_refused(
    service: Service, key_id: str, body: bytes, parameter: str
) -> None:
    problem(service.client.post(f"/api_keys/{key_id}/check", content=body, headers=JSON), 422, parameter)


def test_more_who_wait_than_the_log_should_be_asked_for_are_answered_at_once(service: Service, key_id: str) -> None:
    [known] = service.app.state.control.api_keys()

    async def look() -> None:
        return None

    async def all_of_them() -> None:
        waiting, go = Semaphore(0), Event()

        async def pause(_: float) -> None:
            waiting.release()
            await go.wait()

        tasks = [asyncio.create_task(await_check(look, known.key, 0.5, pause)) for _ in range(8)]
        for _ in tasks:
            await asyncio.wait_for(waiting.acquire(), 20)

        assert await await_check(look, known.key, 60.0, pytest.fail) is None
        go.set()
        await asyncio.gather(*tasks)

    asyncio.run(all_of_them())


def test_the_answer_waits_for_the_check(tmp_path: Path) -> None:
    with serving(tmp_path, key_check_wait=20.0) as service:

        def producer() -> None:
            reader = service.log.reader([CONTROL.name])
            while not (records := reader.poll(1, 5.0)):
                pass
            find_out(service, ApiKey.model_validate_json(records[0].value or b"").id)

        service.log.create_topics([CONTROL])
        thread = Thread(target=producer)
        thread.start()
        answer = service.client.post("/add_api_key", json={"key": KEY})
        thread.join()

        assert (answer.status_code, answer.json()["state"]) == (201, "valid")


def test_a_check_gives_a_refused_key_another_chance(service: Service, key_id: str) -> None:
    refuse(service, key_id)

    answer = service.client.post(f"/api_keys/{key_id}/check", json={})

    assert (answer.status_code, answer.json()["state"]) == (200, "unchecked")
    assert state_of(service, key_id)[0] == "unchecked"
    find_out(service, key_id, retired_at=None)
    assert len(service.client.get("/api_keys").json()) == 1


def test_a_key_is_removed_and_may_be_added_again(service: Service, key_id: str) -> None:
    assert service.client.delete(f"/api_keys/{key_id}").status_code == 204

    assert service.client.get("/api_keys").json() == []
    assert service.client.post("/add_api_key", json={"key": KEY}).status_code == 201


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("POST", "/check")])
def test_a_key_that_is_not_stored_is_not_there(service: Service, method: str, path: str) -> None:
    answer = service.client.request(method, f"/api_keys/unknown{path}", json={} if method == "POST" else None)

    problem(answer, 404, "key")


def test_no_answer_tells_the_key_or_what_it_is_stored_as(service: Service, key_id: str) -> None:
    text = service.client.get("/api_keys").text + service.client.get(f"/api_keys/{key_id}").text

    assert KEY not in text
    assert "encrypted" not in text
    assert service.client.get(f"/api_keys/{key_id}").json()["masked"] == "…defg"


def test_a_topic_that_was_removed_is_made_again(
    service: Service, key_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, made = service.log.append, []
    monkeypatch.setattr(service.log, "create_topics", made.extend)

    def gone(records: list[NewRecord]) -> None:
        if not made:
            raise RecordRejectedError("no such topic")
        append(records)

    monkeypatch.setattr(service.log, "append", gone)

    assert service.client.post("/subjects", json={"query": "cats"}).status_code == 201
    assert made == [CONTROL]
