"""Lays out cells in columns, for a terminal."""

import unicodedata
from collections.abc import Collection, Sequence

_WIDEST = 40


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = ()) -> list[str]:
    """One line for the head and one for each row; columns in `numbers` are flush right."""
    cells = [[_short(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_line(row, widths, numbers)).rstrip() for row in cells]


def _line(row: Sequence[str], widths: Sequence[int], numbers: Collection[int]) -> list[str]:
    gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    return [gap + cell if at in numbers else cell + gap for at, (cell, gap) in enumerate(zip(row, gaps, strict=True))]


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _width(text: str) -> int:
    """Cells of a terminal: most East Asian characters take two, and marks above others none."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )
