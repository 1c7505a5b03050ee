"""What a search asks for: the parameters of `search.list` that the emulator has, as documented at
https://developers.google.com/youtube/v3/docs/search/list.

`regionCode`, `relevanceLanguage` and `safeSearch` are checked but choose nothing: the videos carry no such data.
All other parameters are refused like unknown ones rather than ignored.
"""

import re
from dataclasses import dataclass

from youtube_emulator import refusals
from youtube_emulator.library import Span
from youtube_emulator.matching import Question, parse_question
from youtube_emulator.paging import PageFrame
from youtube_emulator.parameters import Parameters
from youtube_emulator.refusals import RefusalError

KNOWN = (
    "part", "q", "type", "order", "maxResults", "pageToken", "publishedAfter", "publishedBefore", "channelId",
    "regionCode", "relevanceLanguage", "safeSearch", "eventType", "videoDuration", "videoCategoryId",
)  # fmt: skip
_TYPES = ("video", "channel", "playlist")
_ORDERS = ("date", "rating", "relevance", "title", "videoCount", "viewCount")
_OF_VIDEOS_ONLY = ("eventType", "videoDuration", "videoCategoryId")
_REGION = re.compile("[A-Za-z]{2}")
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_ALWAYS = Span(0, 1 << 40)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search. `varied_by` tells searches apart that ask for different things."""

    question: Question
    span: Span
    frame: PageFrame
    types: tuple[str, ...]
    parts: tuple[str, ...]
    order: str
    channel: str | None = None
    event: str | None = None
    duration: str = "any"
    category: str | None = None
    region: str = "US"
    varied_by: str = ""


def read_search(parameters: Parameters) -> SearchRequest:
    """The search that is asked for. Raises RefusalError."""
    parts = parameters.parts(("snippet", "id"))
    _check_languages(parameters)
    after, before = parameters.moment("publishedAfter"), parameters.moment("publishedBefore")
    size = parameters.page_size()
    return SearchRequest(
        question=parse_question(parameters.text("q") or ""),
        span=Span(_ALWAYS.start if after is None else after, _ALWAYS.end if before is None else before),
        frame=PageFrame(parameters.place().start(size), size),
        types=_types(parameters),
        parts=parts,
        order=parameters.choice("order", _ORDERS) or "relevance",
        channel=parameters.text("channelId"),
        event=parameters.choice("eventType", ("completed", "live", "upcoming")),
        duration=parameters.choice("videoDuration", ("any", "short", "medium", "long")) or "any",
        category=parameters.text("videoCategoryId"),
        region=(parameters.text("regionCode") or "US").upper(),
        varied_by=repr(sorted(parameters.without_key().items())),
    )


def _types(parameters: Parameters) -> tuple[str, ...]:
    types = parameters.choices("type", _TYPES)
    for name in _OF_VIDEOS_ONLY:
        if parameters.text(name) is not None and types != ("video",):
            message = f"The {name} parameter can only be used with type=video."
            raise RefusalError(refusals.invalid_search_filter(name, message))
    return types


def _check_languages(parameters: Parameters) -> None:
    parameters.choice("safeSearch", ("moderate", "none", "strict"))
    region, language = parameters.text("regionCode"), parameters.text("relevanceLanguage")
    if region is not None and not _REGION.fullmatch(region):
        parameters.refuse("regionCode", "an ISO 3166-1 alpha-2 country code is accepted")
    if language is not None and not _LANGUAGE.fullmatch(language):
        parameters.refuse("relevanceLanguage", "an ISO 639-1 code, zh-Hans or zh-Hant is accepted")
