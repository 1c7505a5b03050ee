"""Subjects."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from observability import event_logger
from query_api.answers import json_answer
from query_api.bodies import body_of, body_schema
from query_api.dependencies import Admin, OnControl, OnLog
from query_api.documentation import CHANGE, READ, READ_ONE, REMOVE, answer, links
from query_api.examples import LEAVING, SUBJECT
from query_api.parameters import parse_date, read_choice, read_nothing
from query_api.problems import ProblemError
from schemas import Subject, SubjectError
from schemas.control import MAX_CHANNELS
from schemas.since import ACCEPTED, check_since

logs = event_logger("query_api")
router = APIRouter(tags=["subjects"])

_QUERY = "1 to 200 printable characters"
_CHANNELS = f"up to {MAX_CHANNELS} channel ids: 'UC' and 22 letters, digits, '-' and '_'"
_FATES = ("keep", "delete")
_VIDEOS = {
    "name": "videos",
    "in": "query",
    "required": False,
    "description": "What becomes of the videos that only this subject found.",
    "schema": {"type": "string", "enum": list(_FATES), "default": "keep"},
}

_FOLLOWED = links("/id", "subject", "subject", "unfollow")
_SubjectId = Annotated[str, Path(description="Id of a subject.", examples=[SUBJECT["id"]])]


class NewSubject(BaseModel):
    """A subject to follow: what YouTube's search finds for a query, and uploads of channels that fit it."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"query": "street food -vlog", "since": "2026-11-01"}]},
    )

    query: str = Field(default="", max_length=10_000, description=f"{_QUERY}; may be left out with channels")
    channels: list[str] = Field(default_factory=list, max_length=1_000, description=_CHANNELS)
    since: str | None = Field(default=None, description=f"{ACCEPTED}; 7 days before without one")


class Leaving(BaseModel):
    """A subject whose videos go, but for those that another subject found as well."""

    id: str
    videos: Literal["delete"] = "delete"
    by: str = Field(default="the producer, within minutes while it runs", description="Who removes them, and when.")


@router.get("/subjects", response_model=list[Subject], responses={200: answer([SUBJECT]), **READ})
async def subjects(request: Request, control: OnControl, log: OnLog) -> Response:
    """What is followed, oldest first."""
    read_nothing(request)
    return json_answer([subject.model_dump(mode="json") for subject in await log.read(control.subjects)])


@router.post(
    "/subjects",
    status_code=201,
    response_model=Subject,
    responses={
        201: answer(SUBJECT, links=_FOLLOWED),
        200: {"description": "It is followed already.", "model": Subject, **answer(SUBJECT, links=_FOLLOWED)},
        **CHANGE,
    },
    dependencies=[Admin],
    openapi_extra={"requestBody": body_schema(NewSubject)},
)
async def follow(
    request: Request, new: Annotated[NewSubject, Depends(body_of(NewSubject))], control: OnControl, log: OnLog
) -> Response:
    """Follows a subject; 200 when it is followed already. An earlier `since` and more channels widen it."""
    read_nothing(request)
    since = _since(new.since)
    try:
        subject, is_new = await log.change(control.follow, new.query, since, new.channels)
    except SubjectError as error:
        about_channels = "channel" in str(error)
        parameter, accepted = ("channels", _CHANNELS) if about_channels else ("query", _QUERY)
        raise ProblemError(422, str(error), parameter=parameter, accepted=accepted) from error
    logs.info("subject_followed", subject=subject.id, new=is_new)
    return json_answer(subject.model_dump(mode="json"), 201 if is_new else 200)


@router.get("/subjects/{subject}", response_model=Subject, responses={200: answer(SUBJECT), **READ_ONE})
async def subject(request: Request, subject: _SubjectId, control: OnControl, log: OnLog) -> Response:
    """One subject that is followed."""
    read_nothing(request)
    found = await log.read(control.subject, subject)
    if found is None:
        raise _unknown()
    return json_answer(found.model_dump(mode="json"))


@router.delete(
    "/subjects/{subject}",
    status_code=204,
    responses={202: {"description": "Its videos are being removed.", "model": Leaving, **answer(LEAVING)}, **REMOVE},
    dependencies=[Admin],
    openapi_extra={"parameters": [_VIDEOS]},
)
async def unfollow(request: Request, subject: _SubjectId, control: OnControl, log: OnLog) -> Response:
    """Follows a subject no longer. One of SUBJECTS comes back when the producer starts again."""
    delete_videos = read_choice(request, "videos", _FATES) == "delete"
    if not await log.change(control.unfollow, subject, delete_videos=delete_videos):
        raise _unknown()
    logs.info("subject_unfollowed", subject=subject, delete_videos=delete_videos)
    return json_answer(Leaving(id=subject).model_dump(), 202) if delete_videos else Response(status_code=204)


def _unknown() -> ProblemError:
    accepted = "an id that GET /subjects answers"
    return ProblemError(404, "no such subject is followed", parameter="subject", accepted=accepted)


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        since = parse_date(text)
    except ValueError:
        raise ProblemError(422, "is not a date that can be read", parameter="since", accepted=ACCEPTED) from None
    try:
        return check_since(since)
    except ValueError as error:
        raise ProblemError(422, str(error), parameter="since", accepted=ACCEPTED) from None
