"""What the routes are given."""

import hmac
from typing import Annotated

from fastapi import Depends, Request

from query_api.control import Control
from query_api.problems import ProblemError
from query_api.settings import ApiSettings
from video_index import VideoIndex


def _index(request: Request) -> VideoIndex:
    index: VideoIndex = request.app.state.index
    return index


def _control(request: Request) -> Control:
    control: Control = request.app.state.control
    return control


def require_admin(request: Request) -> None:
    """Lets a change through when no token is set (then only this machine can ask) or the right one is given."""
    settings: ApiSettings = request.app.state.settings
    if settings.admin_token is None:
        return
    expected = f"Bearer {settings.admin_token.get_secret_value()}".encode()
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
        raise ProblemError(
            401, "Authorization: Bearer with the ADMIN_TOKEN is needed", headers={"WWW-Authenticate": "Bearer"}
        )


Index = Annotated[VideoIndex, Depends(_index)]
ControlTopic = Annotated[Control, Depends(_control)]
Admin = Depends(require_admin)
