import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from schemas.json_schemas import DIRECTORY, json_schemas
from tests.processor.records import a_context, an_item
from tests.video_index.contract import a_video


def test_the_committed_schemas_are_those_of_the_models() -> None:
    committed = {path.name: path.read_bytes() for path in DIRECTORY.glob("*.json")}

    assert committed == json_schemas(), "run: python -m schemas"


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_each_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(orjson.loads(json_schemas()[name]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("video.schema.json", orjson.loads(a_video("a", details={"duration_s": 3}).to_json())),
        ("raw-item.schema.json", {**an_item(), "added by YouTube": 1}),
        ("raw-context.schema.json", orjson.loads(a_context().to_json())),
    ],
)
def test_what_is_written_fits_its_schema(name: str, value: object) -> None:
    validator = Draft202012Validator(orjson.loads(json_schemas()[name]), format_checker=FormatChecker())

    assert [error.message for error in validator.iter_errors(value)] == []


def test_a_document_without_its_id_does_not_fit() -> None:
    document = orjson.loads(a_video("a").to_json())
    del document["video_id"]

    assert not Draft202012Validator(orjson.loads(json_schemas()["video.schema.json"])).is_valid(document)
