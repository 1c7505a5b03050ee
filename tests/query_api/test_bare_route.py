"""A route that does without most of what FastAPI does, on its own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from starlette.testclient import TestClient

from query_api.bare_route import BareRoute


def deny() -> None:
    raise HTTPException(403)


def answering(request: Request) -> Response:
    return Response(f"{request.url.path} in {threading.current_thread().name}")


async def answering_at_once(request: Request) -> Response:
    return answering(request)


def asked(
    endpoint: Callable[..., Any] = answering,
    of_app: Any = (),
    of_inclusion: Any = (),
    of_router: Any = (),
    of_route: Any = (),
) -> Any:
    """What a client is answered, with these dependencies."""
    router = APIRouter(route_class=BareRoute, dependencies=of_router)
    router.get("/bare", dependencies=of_route)(endpoint)
    app = FastAPI(dependencies=of_app)
    app.include_router(router, dependencies=of_inclusion)
    return TestClient(app).get("/bare")


def test_the_function_is_called_in_a_thread_and_its_response_sent() -> None:
    answer = asked()

    assert (answer.status_code, answer.text.split()[0]) == (200, "/bare")
    assert "asyncio" in answer.text


@pytest.mark.parametrize("whose", ["of_app", "of_inclusion", "of_router", "of_route"])
def test_dependencies_are_asked_whoever_has_them(whose: str) -> None:
    assert asked(**{whose: [Depends(deny)]}).status_code == 403


def test_a_coroutine_is_awaited() -> None:
    assert asked(answering_at_once).status_code == 200
