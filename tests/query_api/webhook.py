"""A webhook on loopback, which a test may slow down or let fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import orjson


@dataclass
class Post:
    """What arrived: a path, headers with lower-case names, and a body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def ids(self) -> list[str]:
        """Ids of the videos in it."""
        return [video["video_id"] for video in orjson.loads(self.body)["videos"]]


@dataclass
class Webhook:
    """Answers `status` once `open` is set; `posts` are those that came, whatever was answered."""

    port: int = 0
    status: int = 204
    posts: list[Post] = field(default_factory=list)
    open: Event = field(default_factory=Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/very-secret-path"

    def ids(self) -> list[str]:
        """Ids of all videos that arrived, in order."""
        return [video_id for post in self.posts for video_id in post.ids]


@contextmanager
def receiving() -> Iterator[Webhook]:
    """A webhook that answers at once."""
    webhook = Webhook()
    webhook.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.posts.append(Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            webhook.open.wait(60)
            self.send_response(webhook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    webhook.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield webhook
    finally:
        webhook.open.set()
        server.shutdown()
        thread.join()
        server.server_close()
