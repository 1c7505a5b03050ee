"""Reads the bodies of requests. Every error names the field and what it accepts; an unknown one is an error too."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import ClientDisconnect

from query_api.problems import ProblemError

Model = TypeVar("Model", bound=BaseModel)

PATIENCE_S = 10.0
"""For all of a body, which has 64 KB at most."""


_REASONS = {"missing": "is missing", "string_pattern_mismatch": "is not of the form that is accepted"}
"""Of kinds of errors, instead of pydantic's."""


class EmptyBody(BaseModel):
    """An object without a field: for a change that needs no body. A web page has to declare JSON all the same."""

    model_config = ConfigDict(extra="forbid")


NO_BODY: dict[str, Any] = {
    "required": False,
    "content": {"application/json": {"schema": EmptyBody.model_json_schema()}},
}
"""As OpenAPI's request body."""


def body_of(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """A dependency that reads the body as `model`, whose fields' descriptions say what they accept."""

    async def read(request: Request) -> Model:
        return parse_body(model, await _bytes(request))

    return read


async def no_body(request: Request) -> None:
    """A dependency that accepts nothing, or an object without a field. Raises ProblemError."""
    if body := await _bytes(request):
        parse_body(EmptyBody, body)


async def _bytes(request: Request) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await request.body()
    except ClientDisconnect:
        raise ProblemError(400, "the body ended before its Content-Length") from None
    except TimeoutError:
        late = "the body did not arrive in time: send all of it at once"
        raise ProblemError(408, late, headers={"Connection": "close"}) from None


def parse_body(model: type[Model], body: bytes) -> Model:
    """The JSON object in `body` as `model`. Raises ProblemError, whose text never holds a value of the body."""
    try:
        return model.model_validate(_object(body))
    except ValidationError as error:
        raise _problem(
            model, error.errors(include_url=False, include_context=False, include_input=False)[0]
        ) from None


def body_schema(model: type[BaseModel]) -> dict[str, Any]:
    """`model` as OpenAPI's request body."""
    return {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}


def _object(body: bytes) -> dict[str, Any]:
    try:
        # orjson is strict (UTF-8, no half characters, no NaN, a bounded depth) but keeps the last of equal names.
        if isinstance(orjson.loads(body), dict):
            parsed: dict[str, Any] = json.loads(body, object_pairs_hook=_each_once)
            return parsed
        reason = "is not a JSON object"
    except (ValueError, RecursionError) as error:
        reason = f"is not JSON that can be read ({error})"
    raise ProblemError(422, reason, parameter="body", accepted='a JSON object in UTF-8, such as {"name": "value"}')


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a name is given twice")
    return names


def _problem(model: type[BaseModel], error: ErrorDetails) -> ProblemError:
    name = str(error["loc"][0]) if error["loc"] else "body"
    if error["type"] == "extra_forbidden":
        accepted = ", ".join(model.model_fields) or "an object without a field"
        return ProblemError(422, "is not a field of this body", parameter=name[:100], accepted=accepted)
    reason = _REASONS.get(error["type"], error["msg"])
    field = model.model_fields.get(name)
    return ProblemError(422, reason, parameter=name, accepted=(field and field.description) or "")
