"""Searches that Kibana's Discover opens, with the columns that matter."""

from kibana.data_views import HEALTH, VIDEOS
from kibana.saved_object import SavedObject, packed

_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"
_VIDEO_COLUMNS = (
    "thumbnail",
    "title",
    "video_id",
    "channel_title",
    "subjects",
    "details.duration_s",
    "details.view_count",
)


def _search(
    object_id: str,
    title: str,
    data_view: SavedObject,
    columns: tuple[str, ...],
    query: str = "",
) -> SavedObject:
    """Newest first; `query` is in Lucene's language, of which Elasticsearch itself is the judge."""
    source = {"query": {"query": query, "language": "lucene"}, "filter": [], "indexRefName": _INDEX}
    attributes = {
        "title": title,
        "description": "",
        "columns": list(columns),
        "sort": [[data_view.attributes["timeFieldName"], "desc"]],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed(source)},
    }
    return SavedObject("search", object_id, attributes, (data_view.refer(_INDEX),))


NEWEST_VIDEOS = _search("topicreel-newest-videos", "Newest videos", VIDEOS, _VIDEO_COLUMNS)

LIVE_VIDEOS = _search(
    "topicreel-live-videos", "Live and upcoming", VIDEOS, _VIDEO_COLUMNS, "live_broadcast_content:(live OR upcoming)"
)

TROUBLES = _search(
    "topicreel-troubles",
    "When nothing was polled, and why",
    HEALTH,
    ("state", "reason", "searches_left", "lag_records", "dead_letters"),
    "NOT state:polling",
)

SAVED_SEARCHES = (NEWEST_VIDEOS, LIVE_VIDEOS, TROUBLES)
