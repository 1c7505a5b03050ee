"""What the routes are given. They are coroutines because a plain function would cost a thread each."""

import hmac
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from observability import event_logger
from query_api.clients import client_of
from query_api.control import Control
from query_api.log_calls import LogCalls
from query_api.problems import ProblemError
from query_api.producer_view import ProducerSnapshot, ProducerView
from query_api.rates import Rate
from query_api.settings import ApiSettings
from video_index import VideoIndex

logs = event_logger("query_api")

_bearer = HTTPBearer(
    auto_error=False, scheme_name="admin_token", description="The ADMIN_TOKEN, where the service has one."
)


async def _index(request: Request) -> VideoIndex:
    index: VideoIndex = request.app.state.index
    return index


async def _control(request: Request) -> Control:
    control: Control = request.app.state.control
    return control


async def _log_calls(request: Request) -> LogCalls:
    calls: LogCalls = request.app.state.log_calls
    return calls


async def require_admin(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> None:
    """Lets a change through when no token is set (then only this machine can ask) or the right one is given.

    Wrong ones have a rate for each address, beyond which they are answered 429. The right one passes all the same, or
    else anybody who shares the address, as behind a gateway, could lock its owner out. So the rate is no obstacle to
    guessing, but a token's length is, which the settings see to.
    """
    settings: ApiSettings = request.app.state.settings
    if settings.admin_token is None:
        return
    if given is None:
        raise _unauthorized("is needed")
    # Starlette reads header bytes as latin-1.
    if hmac.compare_digest(given.credentials.encode("latin-1"), settings.admin_token.get_secret_value().encode()):
        return
    wrong_tokens: Rate = request.app.state.wrong_tokens
    client = client_of(request.scope)
    wrong_tokens.check(client)
    wrong_tokens.count(client)
    logs.warning("wrong_admin_token", client=client)
    raise _unauthorized("is needed, and what was given is not it")


def _unauthorized(what: str) -> ProblemError:
    return ProblemError(
        401,
        f"Authorization: Bearer with the ADMIN_TOKEN that the service was started with {what}",
        headers={"WWW-Authenticate": "Bearer"},
    )


async def _count_key_attempt(request: Request) -> None:
    attempts: Rate = request.app.state.key_attempts
    attempts.check(client_of(request.scope))
    attempts.count(client_of(request.scope))


async def seen_producer(request: Request) -> ProducerSnapshot:
    """The producer as it is seen now."""
    view: ProducerView = request.app.state.producer_view
    return await view.seen()


def log_name(request: Request) -> str:
    """What people call the log."""
    settings: ApiSettings = request.app.state.settings
    return "the log" if settings.embedded else "Kafka"


Index = Annotated[VideoIndex, Depends(_index)]
OnControl = Annotated[Control, Depends(_control)]
"""For whatever reads or changes subjects and keys."""
OnLog = Annotated[LogCalls, Depends(_log_calls)]
"""For whatever reads or writes the log."""
Admin = Depends(require_admin)
KeyAttempt = Depends(_count_key_attempt)
"""Of routes that try a key at YouTube: so many a minute for each client."""
