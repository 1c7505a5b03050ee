from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from event_log import LogUnavailableError, RecordRejectedError
from query_api.problems import ProblemError, install_problems
from tests.query_api.service import problem
from video_index import IndexAccessError, IndexSetupError, IndexUnavailableError, PageTooFarError


@pytest.fixture
def failing() -> Iterator[Callable[[Exception], TestClient]]:
    """Gives a client of a service whose one route raises what it is given."""
    app = FastAPI()
    install_problems(app)
    raised: list[Exception] = []

    @app.get("/")
    def fail() -> None:
        raise raised[0]

    def with_error(error: Exception) -> TestClient:
        raised[:] = [error]
        return TestClient(app)

    yield with_error


def test_an_error_of_a_parameter_is_named_in_words_and_in_fields(failing: Callable[[Exception], TestClient]) -> None:
    answer = failing(ProblemError(422, "is odd", parameter="limit", accepted="even ones")).get("/")

    assert problem(answer, 422) == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "limit: is odd",
        "errors": [{"parameter": "limit", "reason": "is odd", "accepted": "even ones"}],
    }


def test_an_error_without_a_parameter_is_its_detail(failing: Callable[[Exception], TestClient]) -> None:
    answer = failing(ProblemError(401, "a token is needed", headers={"WWW-Authenticate": "Bearer"})).get("/")

    body = problem(answer, 401)
    assert body["detail"] == "a token is needed"
    assert "errors" not in body
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (IndexUnavailableError("http://internal:9200 refused"), "index"),
        (IndexSetupError("http://internal:9200 is odd"), "index"),
        (LogUnavailableError("kafka at internal:9092 refused"), "log"),
        (RecordRejectedError("internal topic"), "log"),
    ],
)
def test_what_is_away_is_named_without_its_address(
    failing: Callable[[Exception], TestClient], error: Exception, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing(error).get("/")

    assert f"the {what} " in problem(answer, 503)["detail"]
    assert answer.headers["retry-after"] == "5"
    assert "internal" not in answer.text
    [line] = [record for record in caplog.records if record.name == "query_api"]
    assert "internal" in str(line.__dict__["fields"]["reason"])


def test_errors_of_the_framework_are_problems_too(failing: Callable[[Exception], TestClient]) -> None:
    answer = failing(HTTPException(418, "short and stout", headers={"X-Pot": "tea"})).get("/")

    assert problem(answer, 418)["detail"] == "short and stout"
    assert answer.headers["x-pot"] == "tea"


def test_an_index_that_lets_nobody_in_is_not_waited_for_but_told_with_the_settings_to_look_at(
    failing: Callable[[Exception], TestClient],
) -> None:
    refusal = "Elasticsearch refuses ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD (401): security_exception"
    answer = failing(IndexAccessError(refusal)).get("/")

    assert refusal in problem(answer, 503)["detail"]
    assert "ELASTICSEARCH_API_KEY" not in answer.text
    assert "retry-after" not in answer.headers


def test_a_page_too_far_back_is_told_what_leads_there(failing: Callable[[Exception], TestClient]) -> None:
    answer = failing(PageTooFarError("90,000 of the 1,000,000 results before were skipped in 10 s")).get("/")

    [error] = problem(answer, 422, "page")["errors"]
    assert "90,000" in error["reason"]
    assert "next_cursor" in error["accepted"]
