"""A thin client of the YouTube Data API's lists (https://developers.google.com/youtube/v3/docs)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from producer.answers import SearchPage, UploadsPage, read_page, read_uploads, read_videos
from producer.http import HttpClient
from producer.paging import PAGE_SIZE
from producer.redaction import without_secret
from producer.refusals import refusal
from schemas import Window, format_utc

_SOME_VIDEO = "jNQXAC9IVRw"
"""The first one of YouTube. An answer without it would do as well."""


OnDate = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of the videos that YouTube finds for `query`, published within `window`, newest first.

    YouTube takes both ends of the window as included.
    """

    query: str
    window: Window
    page_token: str | None = None

    def to_params(self) -> dict[str, str]:
        """The parameters of the request."""
        params = {
            "part": "snippet",
            "type": "video",
            "order": "date",
            "maxResults": str(PAGE_SIZE),
            "safeSearch": "none",
            "q": self.query,
            "publishedAfter": format_utc(self.window.start),
            "publishedBefore": format_utc(self.window.end),
        }
        return params if self.page_token is None else params | {"pageToken": self.page_token}


class YouTubeClient:
    """Calls the API at `base_url`, which ends in `/youtube/v3`. `base_url` tells where items are from.

    `on_date` is told the time that YouTube gives in every answer. Methods raise SearchError. The key is in neither
    results nor errors, even where the other side repeats it.
    """

    def __init__(self, http: HttpClient, base_url: str, on_date: OnDate = lambda _: None) -> None:
        self._http = http
        self._on_date = on_date
        self.base_url = base_url

    def search(self, request: SearchRequest, key: SecretStr) -> SearchPage:
        """One page of results."""
        return read_page(self._get("search", request.to_params(), key))

    def uploads(self, channel: str, page_token: str | None, key: SecretStr) -> UploadsPage:
        """One page of a channel's uploads, the one added last first. A channel that is gone is refused.

        The playlist of uploads has the channel's id with `UU` in the place of `UC`.
        """
        params = {
            "part": "snippet,contentDetails",
            "playlistId": "UU" + channel.removeprefix("UC"),
            "maxResults": str(PAGE_SIZE),
        }
        return read_uploads(
            self._get("playlistItems", params if page_token is None else params | {"pageToken": page_token}, key)
        )

    def videos(self, video_ids: Sequence[str], key: SecretStr) -> dict[str, bytes]:
        """The items of these videos (up to 50) by id; those that are gone are left out."""
        params = {"part": "snippet,contentDetails,statistics", "id": ",".join(video_ids)}
        return read_videos(self._get("videos", params, key))

    def check(self, key: SecretStr) -> None:
        """The cheapest call that tells whether a key is accepted."""
        read_videos(self._get("videos", {"part": "id", "id": _SOME_VIDEO}, key))

    def _get(self, method: str, params: dict[str, str], key: SecretStr) -> bytes:
        secret = key.get_secret_value()
        answer = self._http.get(
            f"{self.base_url}/{method}", params, {"X-Goog-Api-Key": secret, "Accept": "application/json"}
        )
        if answer.date is not None:
            self._on_date(answer.date)
        body = without_secret(answer.body, secret)
        if answer.status == 200:
            return body
        raise refusal(answer.status, body)
