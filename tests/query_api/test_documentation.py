import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from query_api.problems import MEDIA_TYPE
from query_api.routes import alerts, export, feeds, health, keys, stats, stream, subjects, suggest, videos
from query_api.routes import status as status_routes
from tests.query_api.service import KEY, Service, problem

README = Path(__file__).parents[2] / "README.md"
ROUTES = [
    (path, "get")
    for path in (
        "/search",
        "/get",
        "/suggest",
        "/stats/timeline",
        "/stats/channels",
        "/feed.atom",
        "/feed.rss",
        "/export",
        "/stream",
        "/alerts",
        "/alerts/{alert}",
        "/videos/{video_id}",
        "/subjects",
        "/subjects/{subject}",
        "/api_keys",
        "/api_keys/{key}",
        "/status",
        "/metrics",
        "/healthz",
        "/readyz",
    )
] + [
    ("/api_keys/{key}/check", "post"),
    ("/api_keys/{key}", "delete"),
    ("/alerts", "post"),
    ("/alerts/{alert}", "delete"),
    ("/subjects", "post"),
    ("/subjects/{subject}", "delete"),
    ("/add_api_key", "post"),
]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(library: Service) -> Document:
    """The OpenAPI document."""
    answer = library.client.get("/openapi.json")
    assert answer.status_code == 200
    read: Document = answer.json()
    return read


def check(document: Document, schema: Document, value: object) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def answered(document: Document, path: str, method: str, status: int) -> Document:
    schema: Document = document["paths"][path][method]["responses"][str(status)]["content"]["application/json"][
        "schema"
    ]
    return schema


def test_every_route_is_documented(document: Document) -> None:
    routes = [
        route
        for group in (videos, suggest, stats, feeds, export, stream, alerts, subjects, keys, status_routes, health)
        for route in group.router.routes
    ]

    documented = {(path, method) for path, methods in document["paths"].items() for method in methods}

    assert documented == set(ROUTES)
    assert documented == {(route.path, method.lower()) for route in routes for method in route.methods}  # type: ignore[attr-defined]
    assert all(document["paths"][path][method]["description"] for path, method in documented)


def test_every_route_is_in_the_readme() -> None:
    text = README.read_text()

    for path, _ in ROUTES:
        assert path.partition("{")[0] in text
    assert "/docs" in text


@pytest.mark.parametrize("path", ["/search", "/get"])
def test_every_parameter_that_is_read_is_documented(library: Service, document: Document, path: str) -> None:
    parameters = {each["name"]: each for each in document["paths"][path]["get"]["parameters"]}

    refusal = problem(library.client.get(path, params={"unknown": "1"}), 422, "unknown")

    assert set(parameters) == set(refusal["errors"][0]["accepted"].split(", "))
    assert all(each["in"] == "query" and each["description"] for each in parameters.values())


@pytest.mark.parametrize("path", ["/search", "/get"])
@pytest.mark.parametrize("name", ["page", "limit"])
def test_numbers_are_accepted_as_documented(library: Service, document: Document, path: str, name: str) -> None:
    [schema] = [each["schema"] for each in document["paths"][path]["get"]["parameters"] if each["name"] == name]
    others = {} if name == "limit" else {"limit": "1"}

    def ask(number: int) -> int:
        return library.client.get(path, params={**others, name: number}).status_code

    assert library.client.get(path).json()[name] == schema["default"]
    assert (ask(schema["minimum"]), ask(schema["maximum"])) == (200, 200)
    assert (ask(schema["minimum"] - 1), ask(schema["maximum"] + 1)) == (422, 422)


def test_every_order_that_is_documented_is_accepted(library: Service, document: Document) -> None:
    [schema] = [
        each["schema"] for each in document["paths"]["/search"]["get"]["parameters"] if each["name"] == "sort"
    ]

    for order in schema["enum"]:
        assert library.search(q="number", sort=order)["total"]["value"] == 100


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_errors_are_documented_as_problems(document: Document, path: str, method: str) -> None:
    responses = document["paths"][path][method]["responses"]
    expected = {"400", "422"}
    expected |= set() if path in ("/healthz", "/status", "/metrics") else {"503"}
    expected |= {"404"} if "{" in path else set()
    expected |= {"401"} if method != "get" else set()
    expected |= {"411", "413", "415"} if method == "post" else set()

    assert expected <= responses.keys()
    for status, response in responses.items():
        assert response["description"]
        if int(status) >= 400 and (path, status) != ("/readyz", "503"):
            [(kind, content)] = response["content"].items()
            assert kind == MEDIA_TYPE
            assert "errors" in content["schema"]["properties"]


def test_changes_are_documented_to_need_the_token(document: Document) -> None:
    [scheme] = document["components"]["securitySchemes"]
    assert document["components"]["securitySchemes"][scheme]["scheme"] == "bearer"

    for path, method in ROUTES:
        assert document["paths"][path][method].get("security") == (None if method == "get" else [{scheme: []}])


def test_answers_are_what_is_documented(service: Service, library: Service, document: Document) -> None:
    page = answered(document, "/search", "get", 200)
    check(document, page, library.search(q="number"))
    check(document, page, library.search(limit=1))
    check(document, answered(document, "/get", "get", 200), library.newest())
    check(
        document, answered(document, "/videos/{video_id}", "get", 200), library.client.get("/videos/video-01").json()
    )
    for status in (201, 200):
        subject = service.client.post("/subjects", json={"query": "cats"})
        key = service.client.post("/add_api_key", json={"key": KEY})
        assert (subject.status_code, key.status_code) == (status, status)
        check(document, answered(document, "/subjects", "post", status), subject.json())
        check(document, answered(document, "/add_api_key", "post", status), key.json())
    check(document, answered(document, "/subjects", "get", 200), service.client.get("/subjects").json())
    check(document, answered(document, "/healthz", "get", 200), service.client.get("/healthz").json())
    check(document, answered(document, "/readyz", "get", 200), service.client.get("/readyz").json())
    service.log.close()
    check(document, answered(document, "/readyz", "get", 200), service.client.get("/readyz").json())


def test_bodies_are_documented_with_what_they_accept(document: Document) -> None:
    for path, required in (("/subjects", None), ("/add_api_key", ["key"])):
        body = document["paths"][path]["post"]["requestBody"]
        schema = body["content"]["application/json"]["schema"]

        assert body["required"] is True
        assert schema.get("required") == required
        assert schema["additionalProperties"] is False
        assert all(field["description"] for field in schema["properties"].values())


def test_an_item_is_documented_with_what_the_answer_adds(document: Document) -> None:
    item = document["components"]["schemas"]["Item"]

    assert {"video_id", "details", "url", "highlights"} <= item["properties"].keys()
    assert "url" in item["required"]


def test_every_reference_of_the_document_leads_somewhere(library: Service, document: Document) -> None:
    references = set(re.findall(r'"\$ref":\s*"([^"]+)"', library.client.get("/openapi.json").text))

    assert references
    for reference in references:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
