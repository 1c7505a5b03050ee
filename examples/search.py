"""Every video of a search, page by page: `python examples/search.py "street food"`."""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

URL = os.environ.get("TOPICREEL_URL", "http://127.0.0.1:8000")
WORDS = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)


def videos(words: str) -> Iterator[dict[str, Any]]:
    """Each page costs the same, and videos that arrive meanwhile shift none."""
    asked: dict[str, str | int] = {"q": words, "limit": 50}
    while True:
        with urlopen(f"{URL}/search?{urlencode(asked)}") as answer:
            page = json.load(answer)
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        asked["cursor"] = page["next_cursor"]


try:
    for video in videos(WORDS):
        print(video["published_at"], video["url"], video["title"])
except HTTPError as error:
    # Every error is a problem (RFC 9457), whose detail says what was wrong.
    sys.exit(json.load(error)["detail"])
