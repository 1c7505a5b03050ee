"""What a record of a search tells: a video as it was seen then, or a reason why the record tells nothing."""

import html

from event_log import Record
from processor.events import Sighting, UnusableRecordError
from processor.headers import Headers
from processor.values import read_value
from schemas import SearchItem, Video

ACCEPTED = "accepted is the JSON of a youtube#searchResult with id.videoId, with the context of its fetch in headers"


def read_sighting(record: Record) -> Sighting:
    """The sighting, with the document as this record alone tells it. Raises UnusableRecordError."""
    item = read_value(SearchItem, record, ACCEPTED)
    if not item.id.video_id:
        raise UnusableRecordError(f"id.videoId is missing, so this is no video; {ACCEPTED}")
    headers = Headers(record, ACCEPTED)
    subject, fetched_at = headers.text("subject"), headers.fetched_at()
    snippet = item.snippet
    return Sighting(
        Video(
            video_id=item.id.video_id,
            title=html.unescape(snippet.title),
            description=snippet.description,
            channel_id=snippet.channel_id,
            channel_title=html.unescape(snippet.channel_title),
            published_at=snippet.published_at,
            thumbnails=snippet.thumbnails,
            live_broadcast_content=snippet.live_broadcast_content,
            subjects=(subject,),
            first_seen_at=fetched_at,
            updated_at=fetched_at,
            refreshed_at=fetched_at,
        )
    )
