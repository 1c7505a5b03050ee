from pathlib import Path
from typing import Any

import pytest

from query_api.guards import SEARCHES
from query_api.problems import ProblemError
from query_api.rates import Rate
from tests.query_api.service import KEY, Service, problem, serving

TOKEN = "a-token-for-tests"
OTHERS: dict[str, Any] = {"api_host": "0.0.0.0", "admin_token": TOKEN}  # noqa: S104 - nothing listens
NOT_SEARCHES = {"subjects", "add_api_key", "api_keys", "status", "metrics", "healthz", "readyz", "alerts"}


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def times(rate: Rate, client: str, most: int = 1_000) -> int:
    """How often the client may do it now."""
    for done in range(most):
        try:
            rate.check(client)
        except ProblemError:
            return done
        rate.count(client)
    return most


def test_a_burst_is_let_through_and_then_the_average() -> None:
    clock = HandClock()
    rate = Rate(50, 100, what="searches", monotonic_s=clock)

    assert times(rate, "192.0.2.1") == 100
    clock.now_s += 1
    assert times(rate, "192.0.2.1") == pytest.approx(50, abs=1)
    clock.now_s += 3600
    assert times(rate, "192.0.2.1") == 100


def test_clients_do_not_stand_in_each_others_way_and_a_network_of_ipv6_is_one() -> None:
    rate = Rate(1, 3, what="searches", monotonic_s=HandClock())

    assert times(rate, "192.0.2.1") == 3
    assert times(rate, "192.0.2.2") == 3
    assert times(rate, "2001:db8::1") == 3
    assert times(rate, "2001:db8::ffff:1:2:3") == 0
    assert times(rate, "2001:db8:0:1::1") == 3
    assert times(rate, "::ffff:192.0.2.9") == times(rate, "::ffff:192.0.2.10") == 3


def test_what_costs_more_counts_for_more_and_never_for_more_than_the_burst() -> None:
    clock = HandClock()
    rate = Rate(50, 100, what="searches", monotonic_s=clock)

    rate.count("192.0.2.1", 30)
    rate.count("192.0.2.1", 0)
    assert times(rate, "192.0.2.1") == 70
    clock.now_s += 3600
    rate.count("192.0.2.1", 1_000_000)
    assert times(rate, "192.0.2.1") == 0
    clock.now_s += 2
    assert times(rate, "192.0.2.1") == pytest.approx(100, abs=1)


def test_who_comes_too_often_is_told_when_to_try_again() -> None:
    clock = HandClock()
    rate = Rate(10 / 60, 10, what="keys", monotonic_s=clock)
    assert times(rate, "192.0.2.1") == 10

    with pytest.raises(ProblemError, match="too many keys") as refused:
        rate.check("192.0.2.1")

    assert refused.value.status == 429
    clock.now_s += int((refused.value.headers or {})["Retry-After"])
    assert times(rate, "192.0.2.1") >= 1


def test_zero_is_any_number() -> None:
    assert times(Rate(0, 0, what="searches"), "192.0.2.1") == 1_000


def test_the_memory_for_clients_has_an_end() -> None:
    clock = HandClock()
    rate = Rate(1, 1, what="searches", monotonic_s=clock)

    for number in range(30_000):
        rate.count(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")

    assert len(rate._over_at) == 10_000


def test_searches_of_other_machines_have_a_rate_and_the_rest_has_none(tmp_path: Path) -> None:
    with serving(tmp_path, **OTHERS, searches_per_second=0.01) as service:
        service.index.ensure()
        assert service.client.get("/search?q=a").status_code == 200

        answer = service.client.get("/get")

        problem(answer, 429)
        assert int(answer.headers["retry-after"]) > 40
        assert service.client.get("/healthz").status_code == 200
        assert service.client.get("/subjects").status_code == 200


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/get?limit=50&page=200", 1),
        ("/get?limit=50&page=1001", 1 + 5),
        ("/search?q=a&limit=10&page=5001", 1 + 5),
        ("/search?limit=50&page=200000", 100),
        ("/search?limit=51&page=1001", 1),
    ],
)
def test_a_page_counts_as_the_searches_that_it_costs(tmp_path: Path, path: str, counts: int) -> None:
    with serving(tmp_path, **OTHERS, searches_per_second=50) as service:
        service.index.ensure()
        searches: Rate = service.app.state.searches
        searches._monotonic_s = HandClock()

        assert service.client.get(path).status_code in {200, 422}

        assert times(searches, "testclient") == max(0, 100 - counts)


def test_where_only_this_machine_asks_nothing_has_a_rate(service: Service) -> None:
    assert {service.client.get("/search?q=a").status_code for _ in range(150)} == {200}
    assert all(service.client.post("/add_api_key", json={"key": KEY}).status_code < 300 for _ in range(15))


def test_every_path_is_known_to_be_a_search_or_none(library: Service) -> None:
    first_parts = {path.split("/")[1] for path in library.client.get("/openapi.json").json()["paths"]}

    assert first_parts <= SEARCHES | NOT_SEARCHES


def test_keys_cannot_be_tried_one_after_the_other(tmp_path: Path) -> None:
    with serving(tmp_path, **OTHERS, key_attempts_per_minute=3) as service:
        service.client.headers["Authorization"] = f"Bearer {TOKEN}"
        first = service.client.post("/add_api_key", json={"key": KEY}).json()

        more = [service.client.post("/add_api_key", json={"key": KEY + str(number)}) for number in range(3)]

        assert [answer.status_code for answer in more] == [201, 201, 429]
        problem(service.client.post(f"/api_keys/{first['id']}/check"), 429)
        assert service.client.get("/api_keys").status_code == 200
        assert service.client.delete(f"/api_keys/{first['id']}").status_code == 204


def test_wrong_admin_tokens_have_a_rate_and_lock_the_right_one_out_never(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path, **OTHERS, key_attempts_per_minute=3) as service:

        def change(token: str | None) -> int:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return service.client.post("/subjects", json={"query": "cats"}, headers=headers).status_code

        assert [change(None) for _ in range(5)] == [401] * 5
        assert [change(f"wrong {number}") for number in range(4)] == [401, 401, 401, 429]
        assert service.records() == []
        assert change(TOKEN) == 201
        assert [change("wrong 5"), change(TOKEN)] == [429, 200]
    lines = [record for record in caplog.records if record.getMessage() == "wrong_admin_token"]
    assert len(lines) == 3
    assert "wrong 1" not in str([line.__dict__ for line in lines])


def test_by_default_other_machines_may_search_fifty_times_a_second(tmp_path: Path) -> None:
    with serving(tmp_path, **OTHERS) as service:
        settings = service.app.state.settings

    assert (settings.search_rate, settings.attempt_rate) == (50, 10)
