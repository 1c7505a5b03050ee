"""The page at `/`, and the files that it is made of."""

from fastapi import APIRouter, HTTPException, Request, Response

from query_api.page import PageFile, read_page

router = APIRouter(include_in_schema=False)

_FILES = read_page()


@router.get("/")
async def page(request: Request) -> Response:
    """The page. What its address asks for is read in the browser."""
    return _answer(request, _FILES["index.html"])


@router.get("/page/{name}")
async def page_file(request: Request, name: str) -> Response:
    """A style sheet, a module or a picture of the page."""
    if name not in _FILES:
        raise HTTPException(404)
    return _answer(request, _FILES[name])


def _answer(request: Request, file: PageFile) -> Response:
    # Modules have no version in their names: the browser asks each time, and a 304 is all it gets.
    headers = {"Cache-Control": "no-cache", "ETag": file.etag}
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if file.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)
