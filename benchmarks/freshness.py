"""How soon a video can be found after YouTube answered with it: the whole way through log, processor and index.

A stand-in for YouTube answers every poll with one video that is new, and notes when. The searches that look for it
start at that moment. Beside the whole way stands what a plain search takes, which is its floor.
"""

import json
import queue
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.running import running_stack, until
from benchmarks.tables import milliseconds, percentile, print_table
from schemas import format_utc, utc_now

_WANTED = {"embedded": "300 ms", "native": "1500 ms"}
_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class _Answered:
    """A word that only one video holds, and when the answer with it had been sent."""

    word: str
    at: float


def measure(stack: str, videos: int) -> tuple[str, ...]:
    """A row of the table: the delays of so many videos on this stack."""
    delays: list[float] = []
    floor: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, _one_new_video_a_poll() as (youtube_url, answers):
        settings = {
            "YOUTUBE_API_URL": youtube_url,
            "YOUTUBE_API_KEYS": "key-for-the-stand-in",
            "SUBJECTS": "anything",
            "POLL_INTERVAL": "1",
            "SEARCHES_PER_DAY": "100000",
        }
        with running_stack(stack, Path(directory) / "data", settings) as url:
            _found_after(url, answers.get(timeout=_WITHIN_S))
            while len(delays) < videos:
                answered = answers.get(timeout=_WITHIN_S)
                if time.perf_counter() - answered.at < 0.005:  # one that waited in the queue says nothing
                    delays.append(_found_after(url, answered))
                    floor.append(_found_after(url, _Answered(answered.word, time.perf_counter())))
    return (
        stack,
        str(videos),
        milliseconds(percentile(delays, 0.5)),
        milliseconds(max(delays)),
        milliseconds(percentile(floor, 0.5)),
        _WANTED[stack],
    )


def print_rows(rows: list[tuple[str, ...]]) -> None:
    """Prints the table."""
    print_table(
        "From YouTube's answer to being found by a search",
        ("", "videos", "p50", "longest", "a search alone", "wanted"),
        rows,
    )


def _found_after(url: str, answered: _Answered) -> float:
    for _ in until(_WITHIN_S):
        with urllib.request.urlopen(f"{url}/search?q={answered.word}") as answer:
            if json.load(answer)["total"]["value"]:
                return time.perf_counter() - answered.at
        time.sleep(0.002)
    raise AssertionError("until raises before")


@contextmanager
def _one_new_video_a_poll() -> Iterator[tuple[str, "queue.SimpleQueue[_Answered]"]]:
    answers: queue.SimpleQueue[_Answered] = queue.SimpleQueue()

    class Stand(BaseHTTPRequestHandler):
        """Answers every search with one new video."""

        def do_GET(self) -> None:
            word = f"unheard{time.monotonic_ns():x}"
            body = json.dumps(_page(word)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
            answers.put(_Answered(word, time.perf_counter()))

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stand)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/youtube/v3", answers
    finally:
        server.shutdown()


def _page(word: str) -> dict[str, object]:
    published = format_utc(utc_now())
    snippet = {
        "publishedAt": published,
        "channelId": "UCbench",
        "title": f"A video about {word}",
        "description": "What it shows is told here",
        "thumbnails": {},
        "channelTitle": "A channel",
        "liveBroadcastContent": "none",
        "publishTime": published,
    }
    item = {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": word}, "snippet": snippet}
    return {"kind": "youtube#searchListResponse", "pageInfo": {"totalResults": 1}, "items": [item]}
