"""How a window is searched page by page, and when it may be called complete.

A *pass* asks for a window and follows the page tokens. It ends in one of five ways:

    Complete     YouTube came to a believable end: every result of the window was on the pages
    Enough       the newer part is complete that no page may be spared for; the rest was welcome, but not needed
    Narrowed     it did not, but the results came newest first: the newer part is complete, the rest is left
    Retry        nothing can be called complete: a further pass, on the newer half or on the same window
    Abandoned    the results have nothing to do with the window: leave it for later

What YouTube does (docs/youtube-api.md): paging ends around result 500 whatever there is; pages are empty, come
twice or lack their token; results are not quite in order or lie outside the window; `totalResults` is a guess. So
every oddity ends the pass at once, and what cannot be proved complete is asked for again. Asking for the rest of
a window costs no more than asking for the next page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from producer.answers import FoundItem, SearchPage
from producer.windows import SECOND
from schemas import Window

PAGE_SIZE = 50
"""The most that `search.list` gives a page."""

_FULL_PAGE = 45
"""YouTube's full pages may lack a few. A page as full as this that names no next one has lost its token."""

_MAX_PAGES = 20
"""YouTube ends after 10 to 13 pages; this ends a paging that never would."""

_NEAR_THE_END = 9
"""Pages after which a pass may have met YouTube's end rather than an oddity: one more try would bring no more."""

_TAIL = 5
"""The last results of a pass are not relied on: one that is out of its order would not show yet."""

_MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class NextPage:
    """The pass goes on with this page token."""

    token: str


@dataclass(frozen=True, slots=True)
class Complete:
    """Every result of the window was seen, as far as YouTube shows them. `problem` is what may be missing."""

    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Enough:
    """`covered` is complete, and all that is needed of the window lies in it."""

    covered: Window


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`covered` is complete; the older rest of the window has still to be asked for, because of `reason`.

    `problem` is what may be missing from `covered`.
    """

    covered: Window
    reason: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Nothing is complete yet; go on with another pass, because of `reason`."""

    next_pass: "Pass"
    reason: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Nothing is complete, and asking again at once is of no use."""

    reason: str


Decision = NextPage | Complete | Enough | Narrowed | Retry | Abandoned


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over a window, as of the pages seen so far.

    `inside` holds the publication times that lie in the window, of different videos, in the order they came.
    `past_window` is whether a result was older than the window. With `confirm_empty` an empty window is believed only
    when it is empty twice. For what is older than `needed_from`, if that is given, no page is asked for.
    """

    window: Window
    confirm_empty: bool = False
    needed_from: datetime | None = None
    attempt: int = 1
    pages: int = 0
    seen: frozenset[str] = frozenset()
    inside: tuple[datetime, ...] = ()
    in_order: bool = True
    past_window: bool = False

    @property
    def trusted(self) -> Window | None:
        """The newer part of the window that is complete if YouTube keeps the order it has kept so far."""
        if not self.in_order or not self.inside:
            return None
        frontier = self.inside[-min(_TAIL, len(self.inside))]
        return Window(start=frontier + SECOND, end=self.window.end) if frontier < self.window.end else None

    def after(self, page: SearchPage) -> tuple["Pass", Decision]:
        """The pass with one more page, and what to do next."""
        fresh = _fresh_videos(page.items, self.seen)
        repeated = len(fresh) < len({item.video_id for item in page.items if item.video_id})
        grown = self._grown(fresh)
        if not page.items:
            return grown, grown._after_empty_page(page)
        if repeated:
            return grown, grown._cut_short("a page repeated results")
        if _all_times(page.items, lambda time: time < self.window.start) and grown.in_order:
            return grown, grown._after_older_page()
        if _all_times(page.items, lambda time: time > self.window.end):
            return grown, grown._cut_short("YouTube ignored the end of the window")
        if strayed := self._after_strays(grown, page):
            return grown, strayed
        if page.next_token is None:
            lost = len(page.items) >= _FULL_PAGE
            return grown, grown._cut_short("a full page named no next one") if lost else Complete()
        if (trusted := grown.trusted) and self.needed_from and trusted.start <= self.needed_from:
            return grown, Enough(trusted)
        if grown.pages >= _MAX_PAGES:
            return grown, grown._cut_short("paging did not end")
        return grown, NextPage(page.next_token)

    def after_refused_token(self) -> Decision:
        """What to do when YouTube did not accept the token of the next page."""
        return self._cut_short("the page token was refused")

    def _grown(self, fresh: list[FoundItem]) -> "Pass":
        times = [item.published_at for item in fresh if item.published_at is not None]
        inside = self.inside + tuple(time for time in times if self.window.start <= time <= self.window.end)
        return replace(
            self,
            pages=self.pages + 1,
            seen=self.seen | {item.video_id for item in fresh if item.video_id},
            inside=inside,
            in_order=self.in_order and all(older <= newer for newer, older in pairwise(inside)),
            past_window=self.past_window or any(_place(item, self.window) < 0 for item in fresh),
        )

    def _after_empty_page(self, page: SearchPage) -> Decision:
        if self.pages > 1:
            return self._cut_short("a page was empty")
        doubtful = page.next_token is not None
        if self.attempt < (_MAX_ATTEMPTS if doubtful else 1 + self.confirm_empty):
            return Retry(self._again(), "the first page was empty")
        # An empty page that names a next one, three times: the results, if any, are further on.
        return NextPage(page.next_token) if page.next_token is not None else Complete()

    def _after_strays(self, grown: "Pass", page: SearchPage) -> Decision | None:
        """What to do where results from outside the window stand among the others: on a full page each takes the
        place of one that is on no other page, the last ones of the page. None where there are no such, or where they
        may be what is older than the window."""
        where = [_place(item, self.window) for item in page.items if item.published_at is not None]
        if 0 not in where:
            return grown._after_empty_page(page) if page.next_token is None else None
        if self.past_window:
            return self._cut_short("results of the window came after older ones")
        if page.next_token is not None and (1 in where or where != sorted(where, reverse=True)):
            return grown._cut_short("results from outside the window took the place of others")
        return None

    def _after_older_page(self) -> Decision:
        """Past the window, as when YouTube ignores `publishedAfter`; on the first page, as good as an empty one."""
        if self.pages == 1 and self.attempt < 1 + self.confirm_empty:
            return Retry(self._again(), "the first page was older than the window")
        return Complete()

    def _cut_short(self, reason: str) -> Decision:
        """The end of a pass after which results may be missing."""
        if trusted := self.trusted:
            return Narrowed(trusted, reason)
        if not self.in_order:
            return Retry(self._anew(self._newer_half(), 1), f"{reason}, and results were out of order")
        if self.attempt < _MAX_ATTEMPTS and self.pages < _NEAR_THE_END:
            return Retry(self._again(), reason)
        if self.inside:
            return self._give_up_newest_second(reason)
        if self.pages and not self.seen:
            return Complete(problem=reason)
        return Abandoned(f"{reason}, and no result was published in the window asked for")

    def _give_up_newest_second(self, reason: str) -> Decision:
        """No window is shorter than a second: what YouTube does not show of one cannot be had."""
        newest = Window(start=self.window.end, end=self.window.end)
        shown = self.inside.count(self.window.end)
        problem = f"{reason} after {shown} results of one second" if shown == len(self.inside) else None
        return Complete(problem) if newest == self.window else Narrowed(newest, reason, problem)

    def _newer_half(self) -> Window:
        """From the middle of the results on, so that about half of what was seen is in it."""
        median = sorted(self.inside)[len(self.inside) // 2]
        return Window(start=min(median, self.window.end - SECOND) + SECOND, end=self.window.end)

    def _again(self) -> "Pass":
        return self._anew(self.window, self.attempt + 1)

    def _anew(self, window: Window, attempt: int) -> "Pass":
        return Pass(window, self.confirm_empty, self.needed_from, attempt)


def _fresh_videos(items: tuple[FoundItem, ...], seen: frozenset[str]) -> list[FoundItem]:
    """The first sighting of every video on the page that was on no page before."""
    fresh = {item.video_id: item for item in reversed(items) if item.video_id and item.video_id not in seen}
    return [item for item in items if item.video_id and fresh.get(item.video_id) is item]


def _place(item: FoundItem, window: Window) -> int:
    """1 for a result that is newer than the window, -1 for one that is older; 0 within, or where no time tells."""
    time = item.published_at
    return 0 if time is None else (time > window.end) - (time < window.start)


def _all_times(items: tuple[FoundItem, ...], fits: Callable[[datetime], bool]) -> bool:
    """Whether all publication times fit, and are enough to tell."""
    times = [item.published_at for item in items if item.published_at is not None]
    return len(times) >= _TAIL and all(fits(time) for time in times)
