"""A thin client of YouTube's search.list (https://developers.google.com/youtube/v3/docs/search/list)."""

from dataclasses import dataclass

from pydantic import SecretStr

from producer.answers import SearchPage, read_page
from producer.http import HttpClient
from producer.paging import PAGE_SIZE
from producer.redaction import without_secret
from producer.refusals import refusal
from schemas import Window, format_utc


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
    """Searches through the API at `base_url`, which ends in `/youtube/v3`. `base_url` tells where items are from."""

    def __init__(self, http: HttpClient, base_url: str) -> None:
        self._http = http
        self.base_url = base_url

    def search(self, request: SearchRequest, key: SecretStr) -> SearchPage:
        """One page of results. Raises SearchError. The key is in neither, even where the other side repeats it."""
        secret = key.get_secret_value()
        answer = self._http.get(
            f"{self.base_url}/search", request.to_params(), {"X-Goog-Api-Key": secret, "Accept": "application/json"}
        )
        body = without_secret(answer.body, secret)
        if answer.status == 200:
            return read_page(body)
        raise refusal(answer.status, body)
