"""Answers `search.list` (https://developers.google.com/youtube/v3/docs/search/list), with wrong pages where it is so
decided.
"""

from dataclasses import replace
from itertools import islice
from typing import Any

from youtube_emulator.faults import Fate, Offer, strangers_inside
from youtube_emulator.items import search_item
from youtube_emulator.library import Span
from youtube_emulator.parameters import Parameters
from youtube_emulator.search import Item, Search, answer_body, page_of
from youtube_emulator.search_request import SearchRequest, read_search

_STRANGERS = 3


def search_answer(parameters: Parameters, search: Search, now: float, fate: Fate) -> dict[str, Any]:
    """A page of results. Raises RefusalError."""
    request = read_search(parameters)
    items = search.results(request, now)
    page, more = page_of(request, items, search.result_cap)
    if fate.wrong_page is not None and fate.dice is not None:
        strangers = _strangers(search, request, now) if fate.wrong_page is strangers_inside else ()
        before = items[max(0, request.frame.start - request.frame.size) : request.frame.start]
        wrong = fate.wrong_page(Offer(page, more, request.frame.size, before, strangers), fate.dice)
        page, more = list(wrong.page), wrong.more
    return answer_body(request, page, more=more)


def _strangers(search: Search, request: SearchRequest, now: float) -> list[Item]:
    """Results of the same search, published before its window or, where there are none, after it."""
    outside = (Span(0, request.span.start - 1), Span(request.span.end + 1, int(now)))
    for span in outside:
        searched = replace(request, span=span)
        found = [search_item(video, now) for video in islice(search.found(searched, now), _STRANGERS)]
        if found:
            return found
    return []
