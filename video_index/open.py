"""Picks the index that the settings ask for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemas.settings import CommonSettings
from video_index.errors import IndexSetupError
from video_index.interface import VideoIndex

if TYPE_CHECKING:
    from video_index.elasticsearch_versions import IndexVersions

EMBEDDED_DIRECTORY = "index"


def open_index(settings: CommonSettings, *, timeout_s: float = 30.0) -> VideoIndex:
    """The embedded index in `DATA_DIR`, or Elasticsearch at `ELASTICSEARCH_URL`, which has so long for each answer.

    Only the client library that is needed is imported, which keeps the embedded stack's start short.
    """
    if settings.embedded:
        from video_index.embedded import EmbeddedIndex  # noqa: PLC0415

        return EmbeddedIndex(settings.data_dir / EMBEDDED_DIRECTORY)
    from video_index.elasticsearch import ElasticsearchIndex  # noqa: PLC0415
    from video_index.elasticsearch_client import DEFAULT_URL  # noqa: PLC0415

    return ElasticsearchIndex(
        settings.elasticsearch_url or DEFAULT_URL,
        settings.elasticsearch_access,
        timeout_s=timeout_s,
        shards=settings.elasticsearch_shards,
        replicas=settings.elasticsearch_replicas,
    )


@contextmanager
def open_versions(settings: CommonSettings) -> "Iterator[IndexVersions]":
    """The index at `ELASTICSEARCH_URL`, and those beside it."""
    from video_index.elasticsearch import ElasticsearchIndex  # noqa: PLC0415

    with open_index(settings) as index:
        if not isinstance(index, ElasticsearchIndex):
            raise IndexSetupError("the embedded index has no versions beside it")
        yield index.versions
