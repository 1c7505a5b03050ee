"""What a record of a lookup tells: what a video is, that a channel uploaded it, or that it is gone."""

from datetime import datetime

from event_log import Record
from processor.events import Event, Gone, LookedUp, Sighting, UnusableRecordError
from processor.headers import Headers
from processor.lookup_items import UploadItem, VideoItem
from processor.values import read_value
from schemas import LookupKind, Video

ACCEPTED = (
    "accepted is the JSON of a youtube#video, of a youtube#playlistItem, or the key alone of a video that is gone, "
    "as ce_type says, with the context of its fetch in headers"
)


def read_lookup(record: Record) -> Event | None:
    """What the record tells; None for an upload that nobody may see. Raises UnusableRecordError."""
    headers = Headers(record, ACCEPTED)
    kind, fetched_at = headers.text("ce_type"), headers.fetched_at()
    match kind:
        case LookupKind.VIDEO:
            return LookedUp(_video(read_value(VideoItem, record, ACCEPTED), fetched_at))
        case LookupKind.UPLOAD:
            return _upload(read_value(UploadItem, record, ACCEPTED), headers.text("subject"), fetched_at)
        case LookupKind.GONE if record.key:
            return Gone(record.key, fetched_at, headers.text_if_any("subject"))
        case LookupKind.GONE:
            raise UnusableRecordError(f"the record has no key; {ACCEPTED}")
    raise UnusableRecordError(f"ce_type {kind[:64]!r} is none of {', '.join(LookupKind)}; {ACCEPTED}")


def _video(item: VideoItem, fetched_at: datetime) -> Video:
    snippet = item.snippet
    return Video(
        video_id=item.id,
        title=snippet.title,
        description=snippet.description,
        channel_id=snippet.channel_id,
        channel_title=snippet.channel_title,
        published_at=snippet.published_at,
        thumbnails=snippet.thumbnails,
        live_broadcast_content=snippet.live_broadcast_content,
        subjects=(),
        first_seen_at=fetched_at,
        updated_at=fetched_at,
        refreshed_at=fetched_at,
        details=item.details,
    )


def _upload(item: UploadItem, subject: str, fetched_at: datetime) -> Sighting | None:
    """None without a time of publication: the list still names the video, which is private or deleted."""
    snippet, content = item.snippet, item.content_details
    if content.published_at is None:
        return None
    video = Video(
        video_id=content.video_id,
        title=snippet.title,
        description=snippet.description,
        channel_id=snippet.owner_id or snippet.channel_id,
        channel_title=snippet.owner_title or snippet.channel_title,
        published_at=content.published_at,
        thumbnails=snippet.thumbnails,
        live_broadcast_content="none",
        subjects=(subject,),
        first_seen_at=fetched_at,
        updated_at=fetched_at,
        refreshed_at=fetched_at,
    )
    return Sighting(video, tells_live=False)
