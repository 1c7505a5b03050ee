"""The dashboard: which panels, and where they stand on a grid 48 wide."""

from typing import Any

from kibana import panels
from kibana.saved_object import Reference, SavedObject, packed
from kibana.saved_searches import NEWEST_VIDEOS

_ROWS: tuple[tuple[int, tuple[tuple[SavedObject | None, int], ...]], ...] = (
    (9, ((None, 18), (panels.SEARCHES_LEFT, 10), (panels.LAG, 10), (panels.DEAD_LETTERS, 10))),
    (14, ((panels.VIDEOS_OVER_TIME, 30), (panels.TOP_CHANNELS, 18))),
    (26, ((NEWEST_VIDEOS, 48),)),
    (13, ((panels.LENGTHS, 24), (panels.LANGUAGES, 24))),
    (12, ((panels.POLLS, 24), (panels.QUOTA_LEFT, 24))),
    (12, ((panels.LAG_OVER_TIME, 24), (panels.STATES, 24))),
)
"""Heights, then panels with their widths; None is the text with the links."""

DASHBOARD_ID = "topicreel"


def welcome(page_url: str, *, simulated: bool) -> SavedObject:
    """The text with the links; `page_url` is where a browser finds the product's page."""
    page = page_url.rstrip("/")
    label = "**These are simulated data.**\n\n" if simulated else ""
    text = (
        f"{label}### Keys and subjects\n\nThey are managed in [the product's page]({page}/), or through "
        f"[its API]({page}/docs): here nothing can be changed.\n\n"
        f"[What the producer does now]({page}/status) · videos and their data come from "
        "[YouTube](https://www.youtube.com)"
    )
    markdown = {"fontSize": 12, "openLinksInNewTab": True, "markdown": text}
    attributes = {
        "title": "Keys and subjects",
        "description": "",
        "uiStateJSON": "{}",
        "version": 1,
        "visState": packed({"title": "Keys and subjects", "type": "markdown", "params": markdown, "aggs": []}),
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed(_NOTHING)},
    }
    return SavedObject("visualization", "topicreel-welcome", attributes)


def dashboard(text: SavedObject) -> SavedObject:
    """The dashboard, with `text` as its first panel."""
    placed, references = _place(text)
    attributes = {
        "title": "Videos and pipeline",
        "description": "What was found about the subjects that are followed, and how the pipeline fares.",
        "version": 1,
        "panelsJSON": packed(placed),
        "optionsJSON": packed(
            {"useMargins": True, "syncColors": False, "syncCursor": True, "hidePanelTitles": False}
        ),
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed(_NOTHING)},
        "timeRestore": True,
        "timeFrom": "now-7d",
        "timeTo": "now",
        "refreshInterval": {"pause": False, "value": 60_000},
    }
    return SavedObject("dashboard", DASHBOARD_ID, attributes, references)


_NOTHING = {"query": {"query": "", "language": "kuery"}, "filter": []}


def _place(text: SavedObject) -> tuple[list[dict[str, Any]], tuple[Reference, ...]]:
    placed: list[dict[str, Any]] = []
    references: list[Reference] = []
    y = 0
    for height, row in _ROWS:
        x = 0
        for found, width in row:
            shown, index = found or text, str(len(placed) + 1)
            name = f"panel_{index}"
            placed.append(
                {
                    "type": shown.type,
                    "panelIndex": index,
                    "gridData": {"x": x, "y": y, "w": width, "h": height, "i": index},
                    "embeddableConfig": {},
                    "panelRefName": name,
                }
            )
            references.append(shown.refer(f"{index}:{name}"))
            x += width
        y += height
    return placed, tuple(references)
