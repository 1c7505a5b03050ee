"""What a catalogue holds, read directly from its file: the answers that the product is held to.

Nothing of the product is used here. Words are folded, cut and stemmed by other means (a plain `\\w+`, and a stemmer
written in Python), which agree with the product's on the Latin text that the tests ask about.
"""

import gzip
import json
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import snowballstemmer

REAL_VIDEOS = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "trending-fr.jsonl.gz"
_STEMMER = snowballstemmer.stemmer("english")
_TERM = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')


@dataclass(frozen=True)
class Listed:
    """A video as its newest sighting in the file tells it."""

    id: str
    published_at: datetime
    title: str
    channel: str
    description: str
    tags: tuple[str, ...]

    def fits(self, query: str) -> bool:
        """Whether YouTube's search finds it: whole words and phrases, `-` excludes, `|` is between alternatives."""
        fields = [folded_words(text) for text in (self.title, self.description, self.channel, *self.tags)]
        return all(
            minus != any(_holds(fields, folded_words(phrase or word)) for word in (either or phrase).split("|"))
            for minus, phrase, either in ((found[1] == "-", found[2], found[3]) for found in _TERM.finditer(query))
        )

    def is_found_by(self, q: str) -> bool:
        """Whether the product's search finds it by all of its text; the last word may be unfinished."""
        shown = (self.title, self.channel, self.description, *self.tags)
        fields = [_stemmed(folded_words(text)) for text in shown]
        whole = {word for text in shown for word in folded_words(text)}
        terms = list(_TERM.finditer(q))
        for number, found in enumerate(terms):
            wanted = folded_words(found[2] or found[3])
            holds = _holds(fields, _stemmed(wanted))
            if number == len(terms) - 1 and found[3] and not found[1]:
                holds = holds or any(word.startswith(wanted[0]) for word in whole)
            if holds == bool(found[1]):
                return False
        return True


def read_catalogue(path: Path) -> dict[str, Listed]:
    """The videos by id."""
    sightings: dict[str, tuple[str, dict[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            known = sightings.get(row["videoId"])
            if known is None or row["observedOn"] >= known[0]:
                sightings[row["videoId"]] = (row["observedOn"], row)
    return {video_id: _listed(row) for video_id, (_, row) in sightings.items()}


def real_catalogue() -> Path:
    """The file of real videos; skips the test where it is not at hand."""
    path = Path(os.environ.get("REAL_VIDEOS") or REAL_VIDEOS)
    if not path.is_file():
        pytest.skip(f"the real videos are not at {path}: name their file with REAL_VIDEOS=path/to/videos.jsonl.gz")
    return path


def fitting(videos: Iterable[Listed], queries: Iterable[str]) -> dict[str, Listed]:
    """Those that one of the queries finds, by id."""
    queries = list(queries)
    return {video.id: video for video in videos if any(video.fits(query) for query in queries)}


def folded_words(text: str) -> list[str]:
    """Words without case and diacritics."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[^\W_]+", "".join(each for each in plain if not unicodedata.combining(each)))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem


def _stemmed(words: list[str]) -> list[str]:
    return [_stem(word) for word in words]


def _holds(fields: list[list[str]], phrase: list[str]) -> bool:
    return any(
        words[start : start + len(phrase)] == phrase
        for words in fields
        for start in range(len(words) - len(phrase) + 1)
    )


def _listed(row: dict[str, Any]) -> Listed:
    return Listed(
        id=row["videoId"],
        published_at=datetime.fromisoformat(row["publishedAt"]),
        title=row["title"],
        channel=row["channelTitle"],
        description=row["description"] or "",
        tags=tuple(row["tags"] or ()),
    )
