"""Answers the security API as Elastic documents it, and as a node without security does; not a proof that Elastic's
own images agree."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


class ElasticStandIn:
    """Users, roles and passwords, and what was asked in which order."""

    def __init__(self, elastic: str | None) -> None:
        self.passwords: dict[str, str] = {} if elastic is None else {"elastic": elastic, "kibana_system": "unset"}
        self.secure = elastic is not None
        self.roles: dict[str, Body] = {}
        self.users: dict[str, Body] = {}
        self.refuses_with: int | None = None
        self.url = ""

    def answer(self, method: str, path: str, authorization: str, body: Body) -> tuple[int, Body]:
        if not self.secure:
            return 400, {"error": f"no handler found for uri [{path}] and method [{method}]", "status": 400}
        if self.refuses_with is not None:
            return self.refuses_with, {"error": "not now", "status": self.refuses_with}
        if not self._lets_in(authorization):
            reason = "unable to authenticate user [elastic] for REST request"
            return 401, {"error": {"type": "security_exception", "reason": reason}, "status": 401}
        match method, path.strip("/").split("/"):
            case "GET", ["_security", "_authenticate"]:
                return 200, {"username": "elastic", "roles": ["superuser"]}
            case "PUT", ["_security", "role", name]:
                created = name not in self.roles
                self.roles[name] = body
                return 200, {"role": {"created": created}}
            case "PUT", ["_security", "user", name]:
                created = name not in self.users
                self.users[name] = body
                self.passwords[name] = body["password"]
                return 200, {"created": created}
            case "PUT" | "POST", ["_security", "user", name, "_password"] if name in self.passwords:
                self.passwords[name] = body["password"]
                return 200, {}
        return 404, {"error": "not found", "status": 404}

    def _lets_in(self, authorization: str) -> bool:
        expected = base64.b64encode(f"elastic:{self.passwords['elastic']}".encode()).decode()
        return authorization == f"Basic {expected}"


@contextmanager
def elastic_stand_in(elastic: str | None) -> Iterator[ElasticStandIn]:
    """A node whose user `elastic` has this password; None: a node without security."""
    stand_in = ElasticStandIn(elastic)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = stand_in.answer(
                self.command, self.path, self.headers.get("Authorization", ""), json.loads(content or b"{}")
            )
            answer = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
