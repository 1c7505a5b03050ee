"""API keys."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from key_vault import InvalidKeyError
from observability import event_logger
from query_api.answers import json_answer
from query_api.bodies import NO_BODY, body_of, body_schema, no_body
from query_api.control import Control
from query_api.dependencies import Admin, KeyAttempt, OnControl, OnLog, log_name, seen_producer
from query_api.documentation import CHANGE, CHECK, READ, READ_ONE, REMOVE, answer, links
from query_api.examples import KEY
from query_api.key_states import KeyState, await_check, key_state
from query_api.log_calls import LogCalls
from query_api.parameters import read_nothing
from query_api.problems import ProblemError
from schemas import ApiKey, KeyHealth, utc_now

logs = event_logger("query_api")
router = APIRouter(tags=["API keys"])

_KEY = "a YouTube API key: 8 to 128 letters, digits, '-' and '_'"
_PROJECT = "1 to 100 letters, digits and _ . : -"

_STORED = links("/id", "key", "api_key", "check_api_key", "remove_api_key")
_KeyId = Annotated[str, Path(description="Id of a key.", examples=[KEY["id"]])]


class NewKey(BaseModel):
    """A YouTube API key, and the Google Cloud project it belongs to."""

    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, json_schema_extra={"examples": [{"key": "your-key"}]}
    )

    key: str = Field(description=_KEY, json_schema_extra={"pattern": "^[A-Za-z0-9_-]{8,128}$"})
    project: str | None = Field(
        default=None, min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:\-]+$", description=_PROJECT
    )


@router.post(
    "/add_api_key",
    status_code=201,
    response_model=KeyState,
    responses={
        201: answer(KEY, links=_STORED),
        200: {"description": "It is known.", "model": KeyState, **answer(KEY, links=_STORED)},
        **CHANGE,
    },
    dependencies=[Admin, KeyAttempt],
    openapi_extra={"requestBody": body_schema(NewKey)},
)
async def add_api_key(
    request: Request, new: Annotated[NewKey, Depends(body_of(NewKey))], control: OnControl, log: OnLog
) -> Response:
    """Adds an API key and has it checked; 200 when it is known. One that YouTube refuses is stored and not used.

    YouTube allows one project per API client (developer policies, III.D.1.c): several keys are for replacing one
    within your project, or for who holds an exemption. Keys of one project share its quota; `project` may name it.
    """
    read_nothing(request)
    try:
        key, is_new = await log.change(control.add_key, new.key, new.project)
    except InvalidKeyError as error:
        raise ProblemError(422, error.problem, parameter="key", accepted=error.accepted) from None
    logs.info("api_key_added", key=key.id, new=is_new)
    return await _checked(request, control, log, key, 201 if is_new else 200)


@router.get("/api_keys", response_model=list[KeyState], responses={200: answer([KEY]), **READ})
async def api_keys(request: Request, control: OnControl, log: OnLog) -> Response:
    """The stored keys, masked, the one added first first."""
    read_nothing(request)
    stored = await log.read(control.api_keys)
    hindrance = await _hindrance(request)
    return json_answer([_shown(known.key, known.health, hindrance) for known in stored])


@router.get("/api_keys/{key}", response_model=KeyState, responses={200: answer(KEY), **READ_ONE})
async def api_key(request: Request, key: _KeyId, control: OnControl, log: OnLog) -> Response:
    """One stored key, masked."""
    read_nothing(request)
    known = await log.read(control.key, key)
    if known is None:
        raise _unknown()
    return json_answer(_shown(known.key, known.health, await _hindrance(request)))


@router.post(
    "/api_keys/{key}/check",
    response_model=KeyState,
    responses={200: answer(KEY), **CHECK},
    dependencies=[Admin, KeyAttempt, Depends(no_body)],
    openapi_extra={"requestBody": NO_BODY},
)
async def check_api_key(request: Request, key: _KeyId, control: OnControl, log: OnLog) -> Response:
    """Has a key checked anew; one that was refused is used again when YouTube accepts it."""
    read_nothing(request)
    asked = await log.change(control.ask_check, key)
    if asked is None:
        raise _unknown()
    return await _checked(request, control, log, asked, 200)


@router.delete("/api_keys/{key}", status_code=204, responses=REMOVE, dependencies=[Admin])
async def remove_api_key(request: Request, key: _KeyId, control: OnControl, log: OnLog) -> Response:
    """Removes a key. One that stands in YOUTUBE_API_KEYS comes back when the producer starts again."""
    read_nothing(request)
    if not await log.change(control.remove_key, key):
        raise _unknown()
    logs.info("api_key_removed", key=key)
    return Response(status_code=204)


async def _checked(request: Request, control: Control, log: LogCalls, key: ApiKey, status: int) -> Response:
    health = await await_check(
        partial(log.read, control.health_of, key), key, request.app.state.settings.key_check_wait
    )
    return json_answer(_shown(key, health, await _hindrance(request)), status)


def _shown(key: ApiKey, health: KeyHealth | None, hindrance: str | None) -> dict[str, Any]:
    return key_state(key, health, hindrance).model_dump(mode="json")


async def _hindrance(request: Request) -> str | None:
    """Why no key can be checked now, if that is known."""
    return (await seen_producer(request)).hindrance(utc_now(), log_name(request))


def _unknown() -> ProblemError:
    return ProblemError(404, "no such key is stored", parameter="key", accepted="an id that GET /api_keys answers")
