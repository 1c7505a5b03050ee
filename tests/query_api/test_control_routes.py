import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from event_log import NewRecord
from key_vault import KeyVault
from schemas import CONTROL, ApiKey, Subject, Unfollowed, format_utc, utc_now
from tests.query_api.service import JSON, KEY, Service, problem, serving

TOKEN = "a-token-for-tests"
CHANGES = [
    ("POST", "/subjects", {"query": "cats"}),
    ("POST", "/add_api_key", {"key": KEY}),
    ("DELETE", "/subjects/cats-4ab8ea", None),
]


def follow(service: Service, **body: object) -> tuple[int, dict[str, Any]]:
    answer = service.client.post("/subjects", json=body)
    return answer.status_code, answer.json()


def followed(service: Service) -> list[dict[str, Any]]:
    answer = service.client.get("/subjects")
    assert answer.status_code == 200
    subjects: list[dict[str, Any]] = answer.json()
    return subjects


def test_at_first_nothing_is_followed(service: Service) -> None:
    assert followed(service) == []


def test_a_subject_is_followed_from_then_on(service: Service) -> None:
    status, subject = follow(service, query=" Street  food -vlog ", since="2026-01-02")

    assert status == 201
    assert subject["query"] == "Street food -vlog"
    assert subject["since"] == "2026-01-02T00:00:00Z"
    assert followed(service) == [subject]
    [(key, value)] = service.records()
    assert key == f"subject/{subject['id']}"
    assert Subject.model_validate_json(value or b"").query == "Street food -vlog"


def test_without_since_the_last_seven_days_are_looked_for(service: Service) -> None:
    before = utc_now() - timedelta(days=7)

    _, subject = follow(service, query="cats")

    assert format_utc(before) <= subject["since"] <= format_utc(utc_now() - timedelta(days=7))


def test_without_since_the_setting_counts(tmp_path: Path) -> None:
    with serving(tmp_path, subjects_since="2026-01-01") as service:
        _, subject = follow(service, query="cats")

        assert subject["since"] == "2026-01-01T00:00:00Z"


def test_a_subject_that_is_followed_is_the_same_whatever_its_case_and_spacing(service: Service) -> None:
    _, first = follow(service, query="Live coding")

    status, again = follow(service, query="  live   CODING ")

    assert status == 200
    assert again == first
    assert len(service.records()) == 1


def test_an_earlier_since_widens_a_subject_and_a_later_one_does_not_narrow_it(service: Service) -> None:
    _, first = follow(service, query="cats", since="2026-01-02")

    assert follow(service, query="cats", since="2026-02-01") == (200, first)
    status, widened = follow(service, query="cats", since="2025-12-01")

    assert status == 200
    assert widened == {**first, "since": "2025-12-01T00:00:00Z"}
    assert followed(service) == [widened]


def test_a_subject_is_unfollowed_and_can_be_followed_again(service: Service) -> None:
    _, subject = follow(service, query="cats")

    answer = service.client.delete(f"/subjects/{subject['id']}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert followed(service) == []
    problem(service.client.delete(f"/subjects/{subject['id']}"), 404, "subject")
    assert follow(service, query="cats")[0] == 201


def test_what_only_it_found_can_go_with_it(service: Service) -> None:
    _, subject = follow(service, query="cats")

    answer = service.client.delete(f"/subjects/{subject['id']}?videos=delete")

    assert answer.status_code == 202
    assert answer.json()["id"] == subject["id"]
    assert followed(service) == []
    *_, (key, value), (removed, nothing) = service.records()
    assert (key, removed, nothing) == (f"unfollowed/{subject['id']}", f"subject/{subject['id']}", None)
    assert Unfollowed.model_validate_json(value or b"").id == subject["id"]


@pytest.mark.parametrize("again", ["follow", "follow and unfollow, and keep them"])
def test_what_was_to_go_stays_when_it_is_wanted_again(service: Service, again: str) -> None:
    _, subject = follow(service, query="cats")
    service.client.delete(f"/subjects/{subject['id']}?videos=delete")

    assert follow(service, query="cats")[0] == 201
    if again != "follow":
        assert service.client.delete(f"/subjects/{subject['id']}?videos=keep").status_code == 204

    newest = dict(service.records())
    assert newest[f"unfollowed/{subject['id']}"] is None


@pytest.mark.parametrize("query", ["videos=", "videos=all", "videos=DELETE", "videos=keep&videos=delete", "delete=1"])
def test_what_becomes_of_the_videos_is_told_in_one_of_two_words(service: Service, query: str) -> None:
    _, subject = follow(service, query="cats")

    problem(service.client.delete(f"/subjects/{subject['id']}?{query}"), 422, query.partition("=")[0])

    assert followed(service) == [subject]


def test_a_wish_that_cannot_be_read_hides_nothing(service: Service) -> None:
    _, subject = follow(service, query="cats")
    service.log.append([NewRecord(CONTROL.name, "unfollowed/x", b"{broken")])

    assert followed(service) == [subject]


@pytest.mark.parametrize("subject", ["unknown", "api-key", "a%2Fb", "%00", "é", "x" * 5_000])
def test_what_is_not_followed_cannot_be_unfollowed(service: Service, subject: str) -> None:
    service.client.post("/add_api_key", json={"key": KEY})

    problem(service.client.delete(f"/subjects/{subject}"), 404)

    assert len(service.records()) == 1


@pytest.mark.parametrize("query", ["", "   ", "\u3000", "x" * 201, "x" * 10_000, "a\x00b", "a\x1b[31m", None, 5, {}])
def test_a_query_that_cannot_be_followed_is_refused(service: Service, query: object) -> None:
    body = problem(service.client.post("/subjects", json={"query": query}), 422, "query")

    assert body["errors"][0]["accepted"].startswith("1 to 200 printable characters")
    assert service.records() == []


@pytest.mark.parametrize(
    "since",
    [
        "",
        "yesterday",
        "2004-01-01",
        "2999-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        5,
        [],
        {},
    ],
)
def test_a_since_that_cannot_be_is_refused(service: Service, since: object) -> None:
    body = problem(service.client.post("/subjects", json={"query": "cats", "since": since}), 422, "since")

    assert "ISO 8601" in body["errors"][0]["accepted"]
    assert service.records() == []


CHANNEL = "UC" + "a" * 22
OTHER = "UC" + "b" * 22


def test_channels_alone_are_a_subject_and_more_of_them_widen_one_with_a_query(service: Service) -> None:
    status, alone = follow(service, channels=[CHANNEL])
    assert (status, alone["query"], alone["channels"]) == (201, "", [CHANNEL])
    assert follow(service, channels=[CHANNEL]) == (200, alone)

    follow(service, query="cats", channels=[OTHER])
    status, cats = follow(service, query="cats", channels=[CHANNEL])

    assert (status, cats["channels"]) == (200, [CHANNEL, OTHER])
    assert service.client.get(f"/subjects/{cats['id']}").json() == cats
    assert len(followed(service)) == 2


@pytest.mark.parametrize("channels", [["UCshort"], ["x"], [CHANNEL + "a"], [""], [f"UC{n:022}" for n in range(51)]])
def test_channels_that_are_none_are_refused(service: Service, channels: list[str]) -> None:
    problem(service.client.post("/subjects", json={"query": "cats", "channels": channels}), 422, "channels")
    assert service.records() == []


def test_a_subject_cannot_be_widened_to_more_channels_than_it_may_have(service: Service) -> None:
    many = [f"UC{n:022}" for n in range(51)]
    _, subject = follow(service, query="cats", channels=many[:50])

    problem(service.client.post("/subjects", json={"query": "cats", "channels": many[50:]}), 422, "channels")
    assert followed(service) == [subject]


@pytest.mark.parametrize("channels", [5, "UC", [5], {}, None])
def test_channels_that_are_no_list_of_texts_are_refused(service: Service, channels: object) -> None:
    problem(service.client.post("/subjects", json={"query": "cats", "channels": channels}), 422, "channels")


def test_a_subject_that_is_not_followed_is_not_there(service: Service) -> None:
    problem(service.client.get("/subjects/unknown"), 404, "subject")


def test_a_since_with_an_offset_is_that_moment(service: Service) -> None:
    _, subject = follow(service, query="cats", since="2026-01-01T00:00:00+02:00")

    assert subject["since"] == "2025-12-31T22:00:00Z"


def test_a_key_is_added_and_known_from_then_on(service: Service) -> None:
    first = service.client.post("/add_api_key", json={"key": KEY})
    again = service.client.post("/add_api_key", json={"key": f" {KEY}\n"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json().keys() >= {"id", "masked", "project", "added_at"}
    assert (first.json()["state"], first.json()["checked_at"]) == ("unchecked", None)
    assert "/api_keys/" in first.json()["reason"]
    assert first.json()["masked"] == "…defg"
    assert len(service.records()) == 1


def test_the_producer_can_reveal_the_key_and_nobody_else(service: Service, tmp_path: Path) -> None:
    service.client.post("/add_api_key", json={"key": KEY, "project": "my-project"})

    [(_, value)] = service.records()
    stored = ApiKey.model_validate_json(value or b"")
    assert stored.project == "my-project"
    assert KEY.encode() not in (value or b"")
    assert KeyVault.open(tmp_path).reveal(stored).get_secret_value() == KEY


def test_a_known_key_moves_to_another_project(service: Service) -> None:
    first = service.client.post("/add_api_key", json={"key": KEY}).json()

    moved = service.client.post("/add_api_key", json={"key": KEY, "project": "mine"})

    assert moved.status_code == 200
    assert moved.json() == {**first, "project": "mine"}
    assert service.client.post("/add_api_key", json={"key": KEY}).json()["project"] == "mine"


@pytest.mark.parametrize("key", ["", "short", "white space", "é" * 20, "x" * 129, "a\x00bcdefgh", None, 5, [KEY], {}])
def test_what_cannot_be_a_key_is_refused(service: Service, key: object) -> None:
    body = problem(service.client.post("/add_api_key", json={"key": key}), 422, "key")

    assert "8 to 128" in body["errors"][0]["accepted"]
    assert service.records() == []


@pytest.mark.parametrize("project", ["", "a b", "x" * 101, "a\n", 5])
def test_what_cannot_be_a_project_is_refused(service: Service, project: object) -> None:
    problem(service.client.post("/add_api_key", json={"key": KEY, "project": project}), 422, "project")


def test_the_key_is_in_no_answer_and_no_log_line(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bodies: list[object] = [
        {"key": KEY},
        {"key": KEY, "project": f"{KEY} "},
        {"key": KEY + " "},
        {"key": f"{KEY} {KEY}"},
        {"key": [KEY]},
        {"key": {"key": KEY}},
        {"key": KEY, "more": KEY},
        [KEY],
        KEY,
    ]

    answers = [service.client.post("/add_api_key", json=body) for body in bodies]
    answers += [
        service.client.post("/add_api_key", content=f'{{"key": "{KEY}"', headers=JSON),
        service.client.post("/add_api_key", params={"key": KEY}, json={"key": KEY}),
        service.client.get("/add_api_key", params={"key": KEY}),
        service.client.get("/subjects"),
    ]
    service.log.close()
    answers.append(service.client.post("/add_api_key", json={"key": KEY + "2"}))

    assert KEY not in "".join(answer.text for answer in answers)
    written = [record for record in caplog.records if not record.name.startswith("httpx")]
    assert written
    assert KEY not in "".join(f"{record.__dict__} {record.exc_text}" for record in written)


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", b"Bearer \xff"]
)
def test_changes_need_the_admin_token(
    tmp_path: Path, method: str, path: str, body: object, authorization: str | bytes | None
) -> None:
    with serving(tmp_path, admin_token=TOKEN) as service:
        headers = {} if authorization is None else {"Authorization": authorization}

        answer = service.client.request(method, path, json=body, headers=headers)  # type: ignore[arg-type]

        problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in answer.text
        assert service.records() == []


@pytest.mark.parametrize("authorization", [f"Bearer {TOKEN}", f"bearer {TOKEN}"])
def test_the_admin_token_lets_changes_through(tmp_path: Path, authorization: str) -> None:
    with serving(tmp_path, admin_token=TOKEN) as service:
        service.client.headers["Authorization"] = authorization

        assert follow(service, query="cats")[0] == 201
        assert service.client.delete(f"/subjects/{followed(service)[0]['id']}").status_code == 204


def test_a_token_may_hold_any_character(tmp_path: Path) -> None:
    with serving(tmp_path, admin_token="der Schlüssel zu allem") as service:
        headers = {"Authorization": "Bearer der Schlüssel zu allem".encode()}

        assert service.client.post("/subjects", json={"query": "cats"}, headers=headers).status_code == 201  # type: ignore[arg-type]


def test_reading_needs_no_token(tmp_path: Path) -> None:
    with serving(tmp_path, admin_token=TOKEN) as service:
        assert followed(service) == []
        assert service.newest()["items"] == []


@pytest.mark.parametrize(("method", "path", "body"), [*CHANGES, ("GET", "/subjects", None)])
def test_while_the_log_is_away_changes_say_so_and_when_to_try_again(
    service: Service, method: str, path: str, body: object
) -> None:
    service.log.close()
    (Path(service.app.state.settings.data_dir) / "log.sqlite").unlink()

    answer = service.client.request(method, path, json=body)

    assert "log" in problem(answer, 503)["detail"]
    assert int(answer.headers["retry-after"]) > 0


def test_a_change_that_met_a_busy_log_succeeds_later(service: Service, tmp_path: Path) -> None:
    follow(service, query="cats")
    other = sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    problem(service.client.post("/subjects", json={"query": "dogs"}), 503)
    assert [each["query"] for each in followed(service)] == ["cats"]
    other.execute("ROLLBACK")
    other.close()

    assert follow(service, query="dogs")[0] == 201
    assert {each["query"] for each in followed(service)} == {"cats", "dogs"}


def test_a_record_that_cannot_be_read_hides_no_other(service: Service) -> None:
    follow(service, query="cats")
    service.log.append(
        [NewRecord(CONTROL.name, key, b"{broken") for key in ("subject/x", "api-key/x", "other/x", "subject/")]
    )

    assert [each["query"] for each in followed(service)] == ["cats"]


def test_sixteen_people_who_follow_the_same_at_once_follow_one_subject(service: Service) -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 17)]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda since: follow(service, query="cats", since=since), reversed(days)))

    assert sorted(status for status, _ in answers) == [200] * 15 + [201]
    [subject] = followed(service)
    assert subject["since"] == "2026-01-01T00:00:00Z"


def test_sixteen_people_who_add_the_same_key_at_once_add_one(service: Service) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: service.client.post("/add_api_key", json={"key": KEY}), range(16)))

    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len(service.records()) == 1


def test_sixteen_people_follow_and_unfollow_at_once_and_nothing_is_lost(service: Service) -> None:
    def work(number: int) -> None:
        for turn in range(4):
            _, subject = follow(service, query=f"subject {number} {turn}")
            assert subject in followed(service)
            if turn % 2:
                assert service.client.delete(f"/subjects/{subject['id']}").status_code == 204

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))

    assert {each["query"] for each in followed(service)} == {f"subject {n} {t}" for n in range(16) for t in (0, 2)}


bodies = st.dictionaries(
    st.sampled_from(["query", "since", "key", "project"]) | st.text(max_size=5),
    st.text(max_size=30) | st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=2),
    max_size=3,
)


@given(st.sampled_from(["/subjects", "/add_api_key"]), st.binary(max_size=60) | bodies.map(json.dumps))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_body_is_the_answer_is_no_defect(service: Service, path: str, body: bytes | str) -> None:
    answer = service.client.post(path, content=body, headers=JSON)

    if answer.status_code not in (200, 201):
        [error] = problem(answer, 422)["errors"]
        assert error["accepted"]
