import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from query_api.bodies import parse_body
from query_api.problems import ProblemError


class Asked(BaseModel):
    """What a body may be."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(description="some words")
    since: str | None = Field(default=None, description="a date")


def refused(body: bytes) -> ProblemError:
    with pytest.raises(ProblemError) as refused:
        parse_body(Asked, body)
    assert refused.value.status == 422
    assert refused.value.accepted
    return refused.value


def test_an_object_is_read() -> None:
    assert parse_body(Asked, '{"query": "Été 🎬"}'.encode()) == Asked(query="Été 🎬")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"query=a", id="a form"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"query"', id="a text"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"query": "a"', id="half an object"),
        pytest.param(b'{"query": "a"}{}', id="more after it"),
        pytest.param(b"{'query': 'a'}", id="Python, not JSON"),
        pytest.param(b'{"query": NaN}', id="NaN"),
        pytest.param(b'{"query": ' + b"9" * 60_000 + b"}", id="a huge number"),
        pytest.param(b'{"query": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", id="deeply nested lists"),
        pytest.param(b'{"query": ' * 6_000, id="deeply nested objects"),
        pytest.param(b'{"query": "a\x00b"}', id="a raw NUL"),
        pytest.param(b'{"query": "\xff"}', id="invalid UTF-8"),
        pytest.param('{"query": "é"}'.encode("latin-1"), id="latin-1"),
        pytest.param('{"query": "a"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"query": "\\ud800"}', id="half a character"),
        pytest.param(b'{"\\udfff": "a"}', id="half a character in a name"),
        pytest.param(b'{"query": "a", "query": "b"}', id="a name twice"),
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    assert refused(body).parameter == "body"


@pytest.mark.parametrize(
    ("body", "parameter", "accepted"),
    [
        pytest.param({}, "query", "some words", id="missing"),
        pytest.param({"query": None}, "query", "some words", id="null"),
        pytest.param({"query": 5}, "query", "some words", id="a number"),
        pytest.param({"query": ["a"]}, "query", "some words", id="a list"),
        pytest.param({"query": "a", "since": True}, "since", "a date", id="a truth"),
        pytest.param({"query": "a", "since": {"x": 1}}, "since", "a date", id="an object"),
        pytest.param({"query": "a", "Since": "2023"}, "Since", "query, since", id="an unknown field"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_accepts(body: dict[str, Any], parameter: str, accepted: str) -> None:
    error = refused(json.dumps(body).encode())

    assert (error.parameter, error.accepted) == (parameter, accepted)


def test_the_error_does_not_hold_the_value() -> None:
    error = refused(b'{"query": "a", "since": ["a-secret"]}')

    assert "a-secret" not in f"{error} {error.detail} {error.__cause__}"


values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)


@given(st.binary() | st.dictionaries(st.sampled_from(["query", "since"]) | st.text(), values).map(json.dumps))
@settings(deadline=None)
def test_whatever_the_body_is_it_is_read_or_refused(body: bytes | str) -> None:
    encoded = body if isinstance(body, bytes) else body.encode()
    try:
        asked = parse_body(Asked, encoded)
    except ProblemError as error:
        assert error.parameter is not None
        assert error.accepted
        orjson.dumps([error.detail, error.parameter])
    else:
        assert isinstance(asked.query, str)
