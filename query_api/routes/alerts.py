"""Saved searches whose new matches are posted to a webhook."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.concurrency import run_in_threadpool

from observability import event_logger
from query_api.alerts import MAX_ALERTS, Alerts, KnownAlert
from query_api.answers import json_answer
from query_api.bodies import body_of, body_schema
from query_api.dependencies import Admin, OnLog
from query_api.documentation import CHANGE, READ, READ_ONE, REMOVE, answer, links
from query_api.examples import ALERT, NEW_ALERT
from query_api.parameters import FILTERS, read_nothing, search_request
from query_api.problems import ProblemError
from query_api.webhooks import ACCEPTED, WebhookRefusedError, Webhooks
from schemas import UtcSecond, utc_now

logs = event_logger("query_api")
router = APIRouter(tags=["take it with you"])

_NAME = "1 to 200 printable characters"
_EXAMPLE: JsonDict = {
    "name": "street food",
    "filters": {"q": "street food -vlog"},
    "webhook": "https://hooks.example/videos",
}


_UNREADABLE = (
    "its webhook was encrypted with another secret: start the service with the ENCRYPTION_KEY or the file "
    "encryption.key that it was made with, or remove the alert and make it again"
)
_MADE = links("/id", "alert", "alert", "remove_alert")
_AlertId = Annotated[str, Path(description="Id of an alert.", examples=[ALERT["id"]])]


class NewAlert(BaseModel):
    """A search whose new matches are posted to a webhook."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, json_schema_extra={"examples": [_EXAMPLE]})

    name: str = Field(min_length=1, max_length=200, description=_NAME)
    filters: dict[str, str] = Field(
        default_factory=dict, max_length=20, description=f"texts, as GET /search takes them: {', '.join(FILTERS)}"
    )
    webhook: str = Field(max_length=10_000, description=ACCEPTED)
    secret: str | None = Field(
        default=None,
        pattern=r"^[\x21-\x7e]{16,200}$",
        description="16 to 200 printable characters of ASCII; one is made without it",
    )


class AlertState(BaseModel):
    """An alert, and how it was delivered so far."""

    id: str
    name: str
    filters: dict[str, str]
    webhook: str = Field(description="The whole address once, when it is made; its origin later.")
    secret: str | None = Field(default=None, description="Once, when it is made; null later.")
    created_at: UtcSecond
    delivered: int = Field(default=0, description="Videos that the webhook accepted.")
    last_delivered_at: UtcSecond | None = None
    given_up: int = Field(
        default=0, description="Videos that it did not accept for a day; they are on youtube.dead-letters."
    )
    failed_attempts: int = Field(default=0, description="In a row; 0 while all is well.")
    failing_since: UtcSecond | None = None
    last_failure: str | None = Field(
        default=None, description="Why the last attempt failed, while it fails, or why there is none."
    )


@router.get("/alerts", response_model=list[AlertState], responses={200: answer([ALERT]), **READ})
async def alerts(request: Request, log: OnLog) -> Response:
    """The alerts and how they fare, oldest first, without their secrets."""
    read_nothing(request)
    return json_answer(await log.read(_all_shown, _alerts(request)))


@router.post(
    "/alerts",
    status_code=201,
    response_model=AlertState,
    responses={201: answer(NEW_ALERT, links=_MADE), **CHANGE},
    dependencies=[Admin],
    openapi_extra={"requestBody": body_schema(NewAlert)},
)
async def create_alert(
    request: Request, new: Annotated[NewAlert, Depends(body_of(NewAlert))], log: OnLog
) -> Response:
    """Posts new matches of a search to a webhook from now on.

    Each post is `{"alert": {"id", "name"}, "videos": [items]}`, in the order in which they were found, at least once:
    `X-Topicreel-Delivery` is the same when one is repeated. `X-Topicreel-Signature: t=<seconds>,v1=<hex>` has the
    HMAC-SHA-256 of `<seconds>.<body>` with the secret, which only this answer tells. Anything but an answer of 200 to
    299 is tried again for a day.
    """
    read_nothing(request)
    if not new.name.isprintable():
        raise ProblemError(422, "is not printable", parameter="name", accepted=_NAME)
    _check_filters(new.filters)
    origin = await run_in_threadpool(_origin, request, new.webhook)
    created = await log.change(_alerts(request).create, new.name, new.filters, new.webhook, origin, new.secret)
    if created is None:
        raise ProblemError(422, f"there are {MAX_ALERTS} alerts, and no more are accepted: remove one before")
    alert, secret = created
    logs.info("alert_created", alert=alert.id)
    return json_answer(
        {**_shown(_alerts(request), KnownAlert(alert, None)), "webhook": new.webhook, "secret": secret}, 201
    )


@router.get("/alerts/{alert}", response_model=AlertState, responses={200: answer(ALERT), **READ_ONE})
async def alert(request: Request, alert: _AlertId, log: OnLog) -> Response:
    """One alert and how it fares."""
    read_nothing(request)
    shown = await log.read(_one_shown, _alerts(request), alert)
    if shown is None:
        raise _unknown()
    return json_answer(shown)


@router.delete("/alerts/{alert}", status_code=204, responses=REMOVE, dependencies=[Admin])
async def remove_alert(request: Request, alert: _AlertId, log: OnLog) -> Response:
    """Removes an alert. A post that is under way may still arrive."""
    read_nothing(request)
    if not await log.change(_alerts(request).remove, alert):
        raise _unknown()
    logs.info("alert_removed", alert=alert)
    return Response(status_code=204)


def _alerts(request: Request) -> Alerts:
    alerts: Alerts = request.app.state.alerts
    return alerts


def _check_filters(filters: dict[str, str]) -> None:
    for name in filters:
        if name not in FILTERS:
            accepted = ", ".join(FILTERS)
            raise ProblemError(422, "is not a filter of a search", parameter=name[:100], accepted=accepted)
    search_request(filters, utc_now())


def _origin(request: Request, webhook: str) -> str:
    webhooks: Webhooks = request.app.state.webhooks
    try:
        return webhooks.check(webhook)
    except WebhookRefusedError as error:
        raise ProblemError(422, str(error), parameter="webhook", accepted=ACCEPTED) from None


def _all_shown(alerts: Alerts) -> list[dict[str, Any]]:
    return [_shown(alerts, known) for known in alerts.all()]


def _one_shown(alerts: Alerts, alert: str) -> dict[str, Any] | None:
    known = alerts.get(alert)
    return None if known is None else _shown(alerts, known)


def _shown(alerts: Alerts, known: KnownAlert) -> dict[str, Any]:
    shown = known.alert.model_dump(mode="json", exclude={"encrypted", "starts_at", "secret"})
    progress = known.progress.model_dump(mode="json", exclude={"id", "positions", "sent"}) if known.progress else {}
    trouble = {} if alerts.can_read(known.alert) else {"last_failure": _UNREADABLE}
    return AlertState.model_validate({**shown, **progress, **trouble}).model_dump(mode="json")


def _unknown() -> ProblemError:
    return ProblemError(404, "there is no such alert", parameter="alert", accepted="an id that GET /alerts answers")
