"""A page out of a list of results, and the tokens of the pages beside it."""

from dataclasses import dataclass

from youtube_emulator.tokens import Place, encode


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page of `size` results that starts at `start`."""

    start: int
    size: int

    @property
    def end(self) -> int:
        """The number of the first result after the page."""
        return self.start + self.size

    def tokens(self, *, more: bool) -> dict[str, str]:
        """`nextPageToken` where there is more, and `prevPageToken` where the page is not the first."""
        tokens = {"nextPageToken": encode(Place(self.end))} if more and self.size else {}
        return tokens | ({"prevPageToken": encode(Place(self.start, backwards=True))} if self.start else {})
