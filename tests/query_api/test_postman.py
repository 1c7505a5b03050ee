import json
from pathlib import Path
from typing import Any

import pytest

from query_api.app import bare_app
from query_api.postman import collection, text

FILE = Path(__file__).parents[2] / "docs/topicreel.postman_collection.json"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Json:
    """The OpenAPI document."""
    return bare_app().openapi()


@pytest.fixture(scope="module")
def requests(document: Json) -> dict[str, Json]:
    """The collection's requests by their names."""
    return {each["name"]: each for folder in collection(document)["item"] for each in folder["item"]}


def lines(request: Json) -> str:
    return "\n".join(request["event"][0]["script"]["exec"])


def test_the_collection_that_is_handed_out_is_current(document: Json) -> None:
    assert FILE.read_text(encoding="utf-8") == text(document), "the API has changed: make postman"


def test_every_operation_is_a_request_in_the_folder_of_its_tag(document: Json) -> None:
    made = collection(document)

    found = {(folder["name"], request["name"]) for folder in made["item"] for request in folder["item"]}

    assert found == {
        (operation["tags"][0], f"{method.upper()} {path}")
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert [folder["name"] for folder in made["item"]] == list(dict.fromkeys(f["name"] for f in made["item"]))


def test_what_is_made_is_removed_last(document: Json) -> None:
    folders = {folder["name"]: [each["name"] for each in folder["item"]] for folder in collection(document)["item"]}

    assert folders["API keys"] == [
        "POST /add_api_key",
        "GET /api_keys",
        "GET /api_keys/{key}",
        "POST /api_keys/{key}/check",
        "DELETE /api_keys/{key}",
    ]


def test_a_request_asks_what_it_must_and_can_be_switched_to_ask_more(requests: dict[str, Json]) -> None:
    url = requests["GET /export"]["request"]["url"]

    assert url["raw"] == "{{base_url}}/export?format=ndjson&q=street food"
    on = {each["key"]: each["value"] for each in url["query"] if not each["disabled"]}
    assert on == {"format": "ndjson", "q": "street food"}
    assert {"subject", "published_after", "sort"} <= {each["key"] for each in url["query"] if each["disabled"]}


def test_a_header_is_offered_as_well(requests: dict[str, Json]) -> None:
    [header] = requests["GET /stream"]["request"]["header"]

    assert (header["key"], header["disabled"]) == ("Last-Event-ID", True)


def test_a_path_is_filled_from_what_another_request_was_answered(requests: dict[str, Json]) -> None:
    url = requests["GET /videos/{video_id}"]["request"]["url"]

    assert url["path"] == ["videos", ":video_id"]
    assert url["variable"] == [{"key": "video_id", "value": "{{video_id}}"}]
    assert '["items", "0", "video_id"].reduce(' in lines(requests["GET /search"])
    assert 'pm.collectionVariables.set("video_id", video_id)' in lines(requests["GET /search"])


def test_a_change_sends_json_and_the_admin_token(requests: dict[str, Json]) -> None:
    request = requests["POST /subjects"]["request"]

    assert json.loads(request["body"]["raw"])["query"]
    assert request["header"] == [{"key": "Content-Type", "value": "application/json"}]
    assert request["auth"]["bearer"] == [{"key": "token", "value": "{{admin_token}}", "type": "string"}]
    assert "auth" not in requests["GET /subjects"]["request"]
    assert "body" not in requests["POST /api_keys/{key}/check"]["request"]


def test_what_is_answered_is_checked(requests: dict[str, Json]) -> None:
    assert "oneOf([200, 201])" in lines(requests["POST /subjects"])
    assert 'oneOf(["application/json"])' in lines(requests["POST /subjects"])
    assert "oneOf([202, 204])" in lines(requests["DELETE /subjects/{subject}"])
    assert "media type" not in lines(requests["DELETE /subjects/{subject}"])


def test_documented_answers_are_kept_as_examples(requests: dict[str, Json]) -> None:
    [example] = requests["GET /search"]["response"]

    assert example["code"] == 200
    assert json.loads(example["body"])["items"][0]["title"] == "Street food of Lisbon"


def test_every_variable_that_is_used_has_a_value(document: Json) -> None:
    made = collection(document)

    known = {each["key"]: each["value"] for each in made["variable"]}

    assert known.pop("admin_token") == ""
    assert {"base_url", "video_id", "subject", "key"} <= known.keys()
    assert all(known.values())
