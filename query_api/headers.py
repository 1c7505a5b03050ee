"""Headers that every answer has, so that a browser does nothing with it that was not meant.

https://owasp.org/www-project-secure-headers/
"""

from starlette.types import Message

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' https://i.ytimg.com data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page of this service may load: its own files, and thumbnails from YouTube's host of images."""

SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class AddedHeaders:
    """Adds headers to the start of an answer; what the answer says itself stands."""

    def __init__(self, *, simulated: bool) -> None:
        headers = SECURITY_HEADERS | ({"x-simulated": "true"} if simulated else {})
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    def put_on(self, start: Message, request: str) -> None:
        """Adds them to a `http.response.start`, with the id of the request."""
        said = list(start.get("headers", ()))
        names = {name.lower() for name, _ in said}
        start["headers"] = [
            *said,
            *(header for header in self._headers if header[0] not in names),
            (b"x-request-id", request.encode()),
        ]
