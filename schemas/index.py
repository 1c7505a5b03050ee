"""The Elasticsearch index of videos: its alias, its versions, its mapping.

Services only ever name the alias. A change of the mapping makes a new version of the index; replaying
`youtube.videos` fills it, and the alias moves when it is complete. Only a new field needs none: it is added to the
index that is there, and must mean something for documents that lack it.
"""

import re
from collections.abc import Iterable
from typing import Any

ALIAS = "youtube-videos"
VERSION = 1
INDEX = f"{ALIAS}-v{VERSION}"
TEMPLATE = ALIAS
PATTERN = f"{ALIAS}-v*"
FILLING = f"{ALIAS}-filling"
"""The alias of an index that is being filled, and is not searched yet."""

REINDEXING = "reindex"
"""What a process owns on the log while it makes another index, or a copy of it."""

_NAME = re.compile(rf"{ALIAS}-v([0-9]+)(?:-r([0-9]+))?")

_TIME = {"type": "date", "format": "strict_date_time_no_millis"}
_SEARCHED_WORDS = {"type": "text", "analyzer": "whitespace", "norms": False}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    # Derived from the other fields by whoever writes the document (`video_index.document`), so indexed but not
    # stored. Never change documents in place with _update_by_query: it would lose what is derived.
    "_source": {"excludes": ["derived"]},
    "properties": {
        "video_id": {"type": "keyword"},
        "title": {"type": "keyword", "ignore_above": 512},
        "description": {"type": "keyword", "index": False, "doc_values": False},
        "channel_id": {"type": "keyword"},
        "channel_title": {"type": "keyword", "ignore_above": 512},
        "published_at": _TIME,
        "thumbnails": {"type": "object", "enabled": False},
        # The id a second time, for Kibana: it formats a field in one way only, and shows this one as a picture.
        "thumbnail": {"type": "alias", "path": "video_id"},
        "live_broadcast_content": {"type": "keyword"},
        "subjects": {"type": "keyword"},
        "first_seen_at": _TIME,
        "updated_at": _TIME,
        "refreshed_at": _TIME,
        "details": {
            "properties": {
                "duration_s": {"type": "integer"},
                "tags": {"type": "keyword", "ignore_above": 512},
                "category_id": {"type": "keyword"},
                "default_audio_language": {"type": "keyword", "ignore_above": 64},
                "view_count": {"type": "long"},
                "like_count": {"type": "long"},
                "comment_count": {"type": "long"},
            }
        },
        "derived": {
            "properties": {
                "title": _SEARCHED_WORDS,
                "channel": _SEARCHED_WORDS,
                "all": _SEARCHED_WORDS,
                "whole_title": {**_SEARCHED_WORDS, "index_options": "docs"},
                "whole_channel": {**_SEARCHED_WORDS, "index_options": "docs"},
                # Not stemmed: for beginnings of words, and for Kibana's search bar.
                "whole": {**_SEARCHED_WORDS, "search_analyzer": "folded", "index_options": "docs"},
                "sort_key": {"type": "long"},
                "has_details": {"type": "boolean", "doc_values": False},
            }
        },
    },
}

SETTINGS: dict[str, Any] = {
    "refresh_interval": "500ms",
    "query": {"default_field": ["derived.whole"]},
    "analysis": {
        "analyzer": {
            "folded": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]},
        }
    },
}


def index_template(shards: int = 1, replicas: int | None = None) -> dict[str, Any]:
    """The body of the composable index template that every version of the index is made from.

    `replicas` None is none: the default of Elasticsearch, one, would wait for a second node for ever.
    """
    copies = {"number_of_shards": shards, "number_of_replicas": replicas or 0}
    return {
        "index_patterns": [PATTERN],
        "template": {"settings": SETTINGS | copies, "mappings": MAPPING},
        "version": VERSION,
    }


def version_of(index: str) -> int | None:
    """The version of the mapping that an index of this name has; None for the name of another's."""
    found = _NAME.fullmatch(index)
    return int(found[1]) if found else None


def next_name(taken: Iterable[str]) -> str:
    """The name of another index of this version: `youtube-videos-v1-r1`, and then `-r2` and so on.

    Never that of the first, which services make wherever nothing answers to the alias.
    """
    names = [found for found in map(_NAME.fullmatch, taken) if found and int(found[1]) == VERSION]
    return f"{INDEX}-r{max((int(found[2] or 0) for found in names), default=0) + 1}"
