"""Answers that a client may have already (RFC 9110, 13): 304 instead of a body."""

from collections.abc import Mapping
from hashlib import blake2b

from fastapi import Request, Response


def weak_etag(content: bytes) -> str:
    """An ETag of answers that mean the same, though they may be compressed or took another time."""
    return f'W/"{blake2b(content, digest_size=12).hexdigest()}"'


def conditional(request: Request, body: bytes, etag: str, headers: Mapping[str, str] | None = None) -> Response:
    """The JSON `body`, or 304 when `If-None-Match` names its ETag."""
    # A browser asks each time whether what it has is still so.
    said = {"ETag": etag, "Cache-Control": "no-cache", **(headers or {})}
    if _is_known(request.headers.get("if-none-match", ""), etag):
        # What has a body is given this where it is compressed, or would be for somebody else.
        return Response(status_code=304, headers={**said, "Vary": "Accept-Encoding"})
    return Response(body, headers=said, media_type="application/json")


def _is_known(known: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags
