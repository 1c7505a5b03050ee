"""A record's value as a model, or the reason why it is none."""

from typing import TypeVar

from pydantic import ValidationError

from event_log import Record
from processor.events import UnusableRecordError
from schemas.model import Contract

C = TypeVar("C", bound=Contract)


def read_value(model: type[C], record: Record, accepted: str) -> C:
    """The value of a record. Raises UnusableRecordError, whose text ends with what is `accepted`."""
    if record.value is None:
        raise UnusableRecordError(f"the record has no value; {accepted}")
    try:
        return model.model_validate_json(record.value)
    except ValidationError as error:
        raise UnusableRecordError(f"{_first_problem(error)}; {accepted}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else problem["msg"]
