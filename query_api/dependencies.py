"""What the routes are given. They are coroutines because a plain function would cost a thread each."""

import hmac
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from query_api.control import Control
from query_api.problems import ProblemError
from query_api.producer_view import ProducerView, Seen
from query_api.settings import ApiSettings
from video_index import VideoIndex

_bearer = HTTPBearer(
    auto_error=False, scheme_name="admin token", description="The ADMIN_TOKEN, where the service has one."
)


async def _index(request: Request) -> VideoIndex:
    index: VideoIndex = request.app.state.index
    return index


async def _control(request: Request) -> Control:
    control: Control = request.app.state.control
    return control


async def require_admin(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> None:
    """Lets a change through when no token is set (then only this machine can ask) or the right one is given."""
    settings: ApiSettings = request.app.state.settings
    if settings.admin_token is None:
        return
    # Starlette reads header bytes as latin-1.
    token = given.credentials.encode("latin-1") if given is not None else b""
    if not hmac.compare_digest(token, settings.admin_token.get_secret_value().encode()):
        raise ProblemError(
            401, "Authorization: Bearer with the ADMIN_TOKEN is needed", headers={"WWW-Authenticate": "Bearer"}
        )


def seen_producer(request: Request) -> Seen:
    """The producer as it is seen now; takes seconds while the log is away."""
    view: ProducerView = request.app.state.producer_view
    return view.look()


def log_name(request: Request) -> str:
    """What people call the log."""
    settings: ApiSettings = request.app.state.settings
    return "the log" if settings.embedded else "Kafka"


Index = Annotated[VideoIndex, Depends(_index)]
ControlTopic = Annotated[Control, Depends(_control)]
Admin = Depends(require_admin)
