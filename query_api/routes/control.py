"""Subjects and API keys."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from key_vault import InvalidKeyError
from observability import event_logger
from query_api.answers import json_answer
from query_api.bodies import body_of, body_schema
from query_api.dependencies import Admin, ControlTopic
from query_api.documentation import CHANGE, READ, REMOVE
from query_api.parameters import parse_date, read_nothing
from query_api.problems import ProblemError
from schemas import ApiKey, Subject, SubjectError, UtcSecond, utc_now

logs = event_logger("query_api")
router = APIRouter(tags=["subjects and keys"])

YOUTUBE_BEGAN = datetime(2005, 2, 14, tzinfo=UTC)
_QUERY = "1 to 200 printable characters"
_SINCE = "an ISO 8601 date or date-time from 2005-02-14 up to now"
_KEY = "a YouTube API key: 8 to 128 letters, digits, '-' and '_'"
_PROJECT = "1 to 100 letters, digits and _ . : -"


class NewSubject(BaseModel):
    """A subject to follow."""

    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, json_schema_extra={"examples": [{"query": "street food -vlog"}]}
    )

    query: str = Field(description=_QUERY)
    since: str | None = Field(default=None, description=f"{_SINCE}; 7 days before without one")


class NewKey(BaseModel):
    """A YouTube API key, and the Google Cloud project it belongs to."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: str = Field(description=_KEY)
    project: str | None = Field(
        default=None, min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:\-]+$", description=_PROJECT
    )


class StoredKey(BaseModel):
    """A key that is stored, without telling it."""

    id: str
    masked: str
    project: str
    added_at: UtcSecond


@router.get("/subjects", response_model=list[Subject], responses=READ)
def subjects(request: Request, control: ControlTopic) -> Response:
    """What is followed, oldest first."""
    read_nothing(request)
    return json_answer([subject.model_dump(mode="json") for subject in control.subjects()])


@router.post(
    "/subjects",
    status_code=201,
    response_model=Subject,
    responses={200: {"description": "It is followed already.", "model": Subject}, **CHANGE},
    dependencies=[Admin],
    openapi_extra={"requestBody": body_schema(NewSubject)},
)
def follow(
    request: Request, new: Annotated[NewSubject, Depends(body_of(NewSubject))], control: ControlTopic
) -> Response:
    """Follows a subject; 200 when it is followed already."""
    read_nothing(request)
    since = _since(new.since)
    try:
        subject, is_new = control.follow(new.query, since)
    except SubjectError as error:
        raise ProblemError(422, str(error), parameter="query", accepted=_QUERY) from error
    logs.info("subject_followed", subject=subject.id, new=is_new)
    return json_answer(subject.model_dump(mode="json"), 201 if is_new else 200)


@router.delete("/subjects/{subject}", status_code=204, responses=REMOVE, dependencies=[Admin])
def unfollow(request: Request, subject: str, control: ControlTopic) -> Response:
    """Follows a subject no longer; what it found stays."""
    read_nothing(request)
    if not control.unfollow(subject):
        raise ProblemError(
            404, "no such subject is followed", parameter="subject", accepted="an id that GET /subjects answers"
        )
    logs.info("subject_unfollowed", subject=subject)
    return Response(status_code=204)


@router.post(
    "/add_api_key",
    status_code=201,
    response_model=StoredKey,
    responses={200: {"description": "It is known.", "model": StoredKey}, **CHANGE},
    dependencies=[Admin],
    openapi_extra={"requestBody": body_schema(NewKey)},
)
def add_api_key(
    request: Request, new: Annotated[NewKey, Depends(body_of(NewKey))], control: ControlTopic
) -> Response:
    """Adds an API key; 200 when it is known. YouTube allows one project per API client."""
    read_nothing(request)
    try:
        key, is_new = control.add_key(new.key, new.project)
    except InvalidKeyError as error:
        raise ProblemError(422, str(error), parameter="key", accepted=_KEY) from None
    logs.info("api_key_added", key=key.id, new=is_new)
    return json_answer(_shown(key).model_dump(mode="json"), 201 if is_new else 200)


def _shown(key: ApiKey) -> StoredKey:
    return StoredKey(id=key.id, masked=key.masked, project=key.project, added_at=key.added_at)


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        since = parse_date(text)
    except (ValueError, OverflowError):
        raise ProblemError(422, "is not a date that can be read", parameter="since", accepted=_SINCE) from None
    if not YOUTUBE_BEGAN <= since <= utc_now():
        raise ProblemError(422, "is before YouTube began, or in the future", parameter="since", accepted=_SINCE)
    return since
