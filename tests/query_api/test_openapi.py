"""The OpenAPI document: valid, with an example of everything, and with every error as the service answers it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from query_api import bodies
from query_api.problems import MEDIA_TYPE
from tests.query_api.service import JSON, Service, serving
from tests.query_api.test_guards import DefectiveIndex

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(library: Service) -> Json:
    """The document as it is served."""
    read: Json = library.client.get("/openapi.json").json()
    return read


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def contents(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Operation and status, media type, and content of every answer that has one."""
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                yield f"{name} {status}", kind, content


def test_it_is_what_the_specification_allows(document: Json) -> None:
    validate(document)


def test_operations_have_plain_names(document: Json) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and not name.endswith(("_get", "_post", "_delete")) for name in names)


def test_every_parameter_says_what_it_is_and_shows_what_it_accepts(document: Json) -> None:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            where = f"{parameter['name']} of {name}"
            schema = parameter["schema"]
            assert parameter["description"], where
            opaque = parameter["name"] in ("cursor", "Last-Event-ID")
            assert opaque or schema.keys() & {"examples", "enum", "default"}, where


def test_examples_of_parameters_are_accepted_where_they_stand(library: Service, document: Json) -> None:
    for path, methods in document["paths"].items():
        operation = methods.get("get")
        if operation is None or "{" in path or path == "/stream":  # which would not end
            continue
        for parameter in operation.get("parameters", ()):
            required = {"format": "csv"} if path == "/export" else {}
            for example in [*parameter["schema"].get("examples", ()), *parameter["schema"].get("enum", ())]:
                answer = library.client.get(path, params={**required, parameter["name"]: example})
                assert answer.status_code == 200, answer.text


def test_every_answer_has_an_example_and_one_in_json_fits_its_schema(document: Json) -> None:
    for where, kind, content in contents(document):
        assert content["example"], where
        if kind in ("application/json", MEDIA_TYPE):
            schema = {**content["schema"], "components": document["components"]}
            Draft202012Validator(schema).validate(content["example"])


def test_bodies_have_an_example_that_fits_their_schema(document: Json) -> None:
    for name, operation in operations(document):
        if operation.get("requestBody", {}).get("required"):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert schema["examples"], name
            for example in schema["examples"]:
                Draft202012Validator(schema).validate(example)


def test_links_lead_to_parameters_that_there_are(document: Json) -> None:
    parameters = {
        operation["operationId"]: {each["name"] for each in operation.get("parameters", ())}
        for _, operation in operations(document)
    }
    links = [
        link
        for _, operation in operations(document)
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]

    assert {link["operationId"] for link in links} >= {"video", "subject", "unfollow", "api_key", "remove_api_key"}
    for link in links:
        assert link["parameters"].keys() <= parameters[link["operationId"]]


def test_headers_that_are_documented_are_there(library: Service, document: Json) -> None:
    for path in ("/search", "/get", "/suggest", "/stats/timeline", "/feed.atom", "/feed.rss", "/export?format=csv"):
        answer = library.client.get(path)
        documented = document["paths"][path.partition("?")[0]]["get"]["responses"]["200"]["headers"]
        assert documented
        assert all(name in answer.headers for name in documented), path


async def slow_body(app: FastAPI) -> Json:
    """What somebody is answered whose body never arrives."""
    headers = {"Host": "localhost", "Authorization": "Bearer token-of-the-test", **JSON, "Content-Length": "2"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/subjects",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()

    await app(scope, receive, send)
    read: Json = json.loads(sent[1]["body"])
    return read


def refusals(directory: Path) -> Iterator[Json]:
    """A problem of each status, from services that are tried as hard as it takes."""
    token = {"Authorization": "Bearer token-of-the-test"}
    with serving(directory, admin_token="token-of-the-test", searches_per_second=1) as service:
        ask = service.client.request
        yield ask("POST", "/subjects", json={}).json()
        yield ask("POST", "/subjects", content=b"{}", headers={**token, **JSON, "Content-Length": ""}).json()
        yield ask("POST", "/subjects", content=b"{}", headers={**JSON, "Content-Length": "65537"}).json()
        yield ask("POST", "/subjects", content=b"{}", headers={"Content-Type": "text/plain"}).json()
        yield asyncio.run(slow_body(service.app))
        yield ask("GET", "/subjects/x").json()
        yield ask("GET", "/subjects?verbose=1").json()
        yield ask("GET", "/search?q=%FF").json()
        yield ask("GET", "/search?q=" + "a" * 63_500).json()
        service.index.ensure()
        yield [ask("GET", "/search") for _ in range(10)][-1].json()
        service.log.close()
        (directory / "log.sqlite").unlink()
        yield ask("POST", "/subjects", json={"query": "cats"}, headers=token).json()
    with serving(directory / "defective", index=DefectiveIndex(directory / "defective/index")) as service:
        yield service.client.get("/search").json()


def test_every_error_has_an_example_that_the_service_gives(
    document: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.1)
    documented = {
        content["example"]["status"]: content["example"]
        for _, kind, content in contents(document)
        if kind == MEDIA_TYPE
    }

    answered = {problem["status"]: problem for problem in refusals(tmp_path)}

    assert answered.keys() == documented.keys()
    for status, problem in answered.items():
        assert {**problem, "request_id": ""} == {**documented[status], "request_id": ""}
