"""What Kibana reads: the videos, and the pipeline's health. How each field is shown is said here, once for all."""

from collections.abc import Mapping
from typing import Any

from kibana.health_index import PATTERN
from kibana.saved_object import SavedObject, packed
from schemas.index import ALIAS
from schemas.video import WATCH_URL


def _link(template: str) -> dict[str, Any]:
    return {"id": "url", "params": {"type": "a", "urlTemplate": template, "labelTemplate": "{{value}}"}}


def _picture(template: str, width: int, height: int) -> dict[str, Any]:
    # The label is the text for who cannot see the picture.
    size = {"width": str(width), "height": str(height)}
    return {"id": "url", "params": {"type": "img", "urlTemplate": template, "labelTemplate": "{{value}}", **size}}


_DURATION = {"id": "duration", "params": {"inputFormat": "seconds", "outputFormat": "humanizePrecise"}}
_COUNT = {"id": "number", "params": {"pattern": "0,0"}}


def _data_view(object_id: str, name: str, indices: str, time: str, formats: Mapping[str, Any]) -> SavedObject:
    attributes = {
        "title": indices,
        "name": name,
        "timeFieldName": time,
        "fieldFormatMap": packed(formats),
        "fields": "[]",
        "sourceFilters": "[]",
        "fieldAttrs": "{}",
        "runtimeFieldMap": "{}",
        "typeMeta": "{}",
    }
    return SavedObject("index-pattern", object_id, attributes)


VIDEOS = _data_view(
    "topicreel-videos",
    "Videos",
    ALIAS,
    "published_at",
    {
        "video_id": _link(WATCH_URL + "{{rawValue}}"),
        # YouTube has this size of every video (https://developers.google.com/youtube/v3/docs/thumbnails).
        "thumbnail": _picture("https://i.ytimg.com/vi/{{rawValue}}/mqdefault.jpg", 160, 90),
        "channel_id": _link("https://www.youtube.com/channel/{{rawValue}}"),
        "details.duration_s": _DURATION,
        "details.view_count": _COUNT,
        "details.like_count": _COUNT,
        "details.comment_count": _COUNT,
    },
)

HEALTH = _data_view(
    "topicreel-health",
    "Pipeline health",
    PATTERN,
    "at",
    {
        "expected_delay_s": _DURATION,
        "last_poll_age_s": _DURATION,
        "oldest_refresh_age_s": _DURATION,
        "lag_search": _COUNT,
        "lag_lookups": _COUNT,
        "videos": _COUNT,
    },
)

DATA_VIEWS = (VIDEOS, HEALTH)
