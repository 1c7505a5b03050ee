"""Imports a file of saved objects, again and again with the same result: what has the same id is replaced."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from kibana.answer import imported
from kibana.errors import KibanaAwayError
from observability import event_logger
from waiting import Patience

logs = event_logger("kibana")

_PATH = "/api/saved_objects/_import?overwrite=true"
_BOUNDARY = "topicreel-saved-objects"
_TIMEOUT_S = 60.0
_MOST_BYTES = 1_000_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: what is followed would be given the credentials."""

    def redirect_request(self, *_: object) -> None:
        """None: not followed."""


# Proxies are for YouTube, not for what goes from one part to another.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def import_objects(
    url: str,
    file: bytes,
    patience: Patience,
    *,
    authorization: str | None = None,
    wait_s: float = 600.0,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """How many objects were imported, which is all of them, once Kibana answers at `url`, its own address.

    `authorization` is the value of that header. Raises KibanaError; KibanaAwayError after `wait_s` seconds.
    """
    end = clock() + wait_s
    for _ in patience.attempts():
        try:
            return imported(*_post(url, file, authorization))
        except KibanaAwayError as error:
            if clock() >= end:
                raise
            logs.info("kibana_away", reason=error)
    raise AssertionError("attempts never end")


def _post(url: str, file: bytes, authorization: str | None) -> tuple[int, bytes]:
    """Status and body of the answer. Raises KibanaAwayError when there is none."""
    # Any value will do for kbn-xsrf; Kibana refuses requests without the header.
    headers = {"kbn-xsrf": "true", "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    if authorization is not None:
        headers["Authorization"] = authorization
    request = urllib.request.Request(url.rstrip("/") + _PATH, _form(file), headers, method="POST")  # noqa: S310 - set up
    try:
        with _opener.open(request, timeout=_TIMEOUT_S) as answer:
            return answer.status, answer.read(_MOST_BYTES)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read(_MOST_BYTES)
    except (OSError, HTTPException) as error:
        raise KibanaAwayError(f"Kibana cannot be reached: {getattr(error, 'reason', None) or error}") from error


def _form(file: bytes) -> bytes:
    """The file as a form with one field; Kibana goes by the ending of the name."""
    head = (
        f"--{_BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="file"; filename="topicreel.ndjson"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
    )
    return head.encode() + file + f"\r\n--{_BOUNDARY}--\r\n".encode()
