"""The documentation of the API, for people."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from query_api.parameters import read_nothing
from query_api.reference import STYLE_PATH, reference_page

router = APIRouter(include_in_schema=False)

_STYLE = (Path(__file__).parents[1] / "reference.css").read_bytes()


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Every path, with what it takes and answers."""
    read_nothing(request)
    return Response(reference_page(request.app.openapi(), str(request.base_url).rstrip("/")), media_type="text/html")


@router.get(STYLE_PATH)
async def style() -> Response:
    """How that looks."""
    return Response(_STYLE, media_type="text/css")
