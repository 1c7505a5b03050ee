"""Subjects and API keys."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from key_vault import InvalidKeyError
from observability import event_logger
from query_api.answers import json_answer
from query_api.dependencies import Admin, ControlTopic
from query_api.parameters import read_nothing
from query_api.problems import ProblemError
from schemas import Subject, SubjectError, parse_utc, utc_now

logs = event_logger("query_api")
router = APIRouter(tags=["subjects and keys"])

YOUTUBE_BEGAN = datetime(2005, 2, 14, tzinfo=UTC)


class NewSubject(BaseModel):
    """A subject to follow."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"query": "street food -vlog"}]})

    query: str = Field(max_length=20_000)
    since: str | None = Field(default=None, max_length=100, description="ISO 8601; default 7 days before.")

    @field_validator("query")
    @classmethod
    def _is_text(cls, query: str) -> str:
        query.encode()  # half a character would be refused by every store
        return query


class NewKey(BaseModel):
    """A YouTube API key, and the Google Cloud project it belongs to."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: str = Field(max_length=1_000)
    project: str | None = Field(default=None, min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:\-]+$")


@router.get("/subjects", response_model=list[Subject])
def subjects(request: Request, control: ControlTopic) -> Response:
    """What is followed, oldest first."""
    read_nothing(request)
    return json_answer([subject.model_dump(mode="json") for subject in control.subjects()])


@router.post("/subjects", status_code=201, response_model=Subject, dependencies=[Admin])
def follow(new: NewSubject, control: ControlTopic) -> Response:
    """Follows a subject; 200 when it is followed already."""
    since = _since(new.since)
    try:
        subject, is_new = control.follow(new.query, since)
    except SubjectError as error:
        raise ProblemError(422, str(error), parameter="query", accepted="1 to 200 printable characters") from error
    logs.info("subject_followed", subject=subject.id, new=is_new)
    return json_answer(subject.model_dump(mode="json"), 201 if is_new else 200)


@router.delete("/subjects/{subject}", status_code=204, dependencies=[Admin])
def unfollow(request: Request, subject: str, control: ControlTopic) -> Response:
    """Follows a subject no longer; what it found stays."""
    read_nothing(request)
    if not control.unfollow(subject):
        raise ProblemError(404, "no such subject is followed: GET /subjects lists them", parameter="subject")
    logs.info("subject_unfollowed", subject=subject)
    return Response(status_code=204)


@router.post("/add_api_key", status_code=201, dependencies=[Admin])
def add_api_key(new: NewKey, control: ControlTopic) -> Response:
    """Adds an API key; 200 when it is known. YouTube allows one project per API client."""
    try:
        key, is_new = control.add_key(new.key, new.project)
    except InvalidKeyError as error:
        raise ProblemError(422, str(error), parameter="key", accepted="a YouTube API key") from None
    logs.info("api_key_added", key=key.id, new=is_new)
    body = {
        "id": key.id,
        "masked": key.masked,
        "project": key.project,
        "added_at": key.model_dump(mode="json")["added_at"],
    }
    return json_answer(body, 201 if is_new else 200)


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    accepted = "an ISO 8601 date or date-time from 2005-02-14 up to now"
    try:
        since = parse_utc(text)
    except (ValueError, OverflowError):
        raise ProblemError(422, "is not a date that can be read", parameter="since", accepted=accepted) from None
    if not YOUTUBE_BEGAN <= since <= utc_now():
        raise ProblemError(422, "is before YouTube began, or in the future", parameter="since", accepted=accepted)
    return since
