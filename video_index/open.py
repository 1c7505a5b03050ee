"""Picks the index that the settings ask for."""

from schemas.settings import CommonSettings
from video_index.interface import VideoIndex

EMBEDDED_DIRECTORY = "index"


def open_index(settings: CommonSettings) -> VideoIndex:
    """The embedded index in `DATA_DIR`, or Elasticsearch at `ELASTICSEARCH_URL`.

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
        shards=settings.elasticsearch_shards,
        replicas=settings.elasticsearch_replicas,
    )
