"""A stand-in for Kibana: its import as it is documented, on a port of the loopback address. It draws nothing.

https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
"""

import email
import email.policy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHECKED = {"index-pattern", "search"}
"""Types of which a reference has to lead somewhere; Kibana looks at no others."""


class StandIn:
    """What it holds, and how it is to behave next."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], dict[str, Any]] = {}
        self.not_ready_for = 0
        self.credentials: str | None = None
        self.elsewhere: str | None = None
        self.requests = 0
        self.url = ""

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any] | str]:
        """Status and body, as JSON or as text."""
        self.requests += 1
        if self.requests <= self.not_ready_for:
            return 503, "Kibana server is not ready yet"
        if self.credentials is not None and headers["Authorization"] != self.credentials:
            return 401, {"statusCode": 401, "error": "Unauthorized", "message": "missing authentication credentials"}
        address = urlsplit(path)
        if address.path != "/api/saved_objects/_import":
            return 404, {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
        if headers["kbn-xsrf"] is None:
            return 400, _bad("Request must contain a kbn-xsrf header.")
        overwrite = parse_qs(address.query).get("overwrite") == ["true"]
        return self._import(_file(headers["Content-Type"], body), overwrite=overwrite)

    def _import(self, file: bytes, *, overwrite: bool) -> tuple[int, dict[str, Any]]:
        objects = [json.loads(line) for line in file.splitlines() if line]
        names = [(each["type"], each["id"]) for each in objects]
        if len(set(names)) < len(names):
            return 400, _bad("Non-unique import objects detected")
        known = {*names, *self.objects}
        failures = [failure for each in objects if (failure := _failure(each, known))]
        if not overwrite:
            failures += [
                _failed(each, {"type": "conflict"}) for each in objects if (each["type"], each["id"]) in self.objects
            ]
        if failures:
            return 200, {"success": False, "successCount": len(objects) - len(failures), "errors": failures}
        self.objects |= dict(zip(names, objects, strict=True))
        return 200, {"success": True, "successCount": len(objects), "warnings": []}


def _failure(each: dict[str, Any], known: set[tuple[str, str]]) -> dict[str, Any] | None:
    needed = [(one["type"], one["id"]) for one in each["references"] if one["type"] in CHECKED]
    missing = [{"type": kind, "id": name} for kind, name in needed if (kind, name) not in known]
    return _failed(each, {"type": "missing_references", "references": missing}) if missing else None


def _failed(each: dict[str, Any], error: dict[str, Any]) -> dict[str, Any]:
    return {"type": each["type"], "id": each["id"], "meta": {}, "error": error}


def _bad(message: str) -> dict[str, Any]:
    return {"statusCode": 400, "error": "Bad Request", "message": message}


def _file(content_type: str, body: bytes) -> bytes:
    """The field `file` of a form; Kibana goes by the ending of its name."""
    form = email.message_from_bytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    [part] = form.iter_parts()  # type: ignore[attr-defined]
    assert part.get_param("name", header="Content-Disposition") == "file"
    assert part.get_filename().endswith(".ndjson")
    file: bytes = part.get_payload(decode=True)
    return file


@contextmanager
def running() -> Iterator[StandIn]:
    """One that listens."""
    kibana = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kibana.elsewhere is not None:
                self.send_response(302)
                self.send_header("Location", kibana.elsewhere)
                self.end_headers()
                return
            status, told = kibana.answer(self.path, self.headers, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write((told if isinstance(told, str) else json.dumps(told)).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kibana.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield kibana
        finally:
            server.shutdown()
            thread.join()
