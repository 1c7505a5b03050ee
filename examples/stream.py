"""New videos of a search as they are found: `python examples/stream.py "street food"`.

None is lost when the connection is: the next one goes on behind the last event.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

URL = os.environ.get("TOPICREEL_URL", "http://127.0.0.1:8000")
WORDS = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)

SILENCE_S = 60
"""A stream has a comment every 15 seconds: one that is silent for longer is lost."""


def videos(words: str) -> Iterator[dict[str, Any]]:
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): fields, a line each."""
    last_id = ""
    while True:
        asked = Request(f"{URL}/stream?{urlencode({'q': words})}", headers={"Last-Event-ID": last_id})
        with suppress(OSError, HTTPException), open_stream(asked) as lines:
            for line in lines:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    last_id = value
                elif name == "data":
                    yield json.loads(value)
        time.sleep(3)


def open_stream(asked: Request) -> Any:  # noqa: ANN401 - what urlopen gives
    """Raises OSError while the service is away, and ends the program when it refuses what is asked."""
    try:
        return urlopen(asked, timeout=SILENCE_S)
    except HTTPError as error:
        if error.code not in (429, 503):
            sys.exit(json.load(error)["detail"])
        raise


for video in videos(WORDS):
    print(video["published_at"], video["url"], video["title"], flush=True)
