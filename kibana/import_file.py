"""All objects as the file that Kibana imports: one JSON object a line."""

import json

from kibana.dashboard import dashboard, welcome
from kibana.data_views import DATA_VIEWS
from kibana.panels import CHARTS
from kibana.saved_object import SavedObject
from kibana.saved_searches import SAVED_SEARCHES


def saved_objects(page_url: str) -> tuple[SavedObject, ...]:
    """Everything that is imported, each object after those that it refers to."""
    text = welcome(page_url)
    return (*DATA_VIEWS, *CHARTS, *SAVED_SEARCHES, text, dashboard(text))


def import_file(page_url: str) -> bytes:
    """The file, in UTF-8; the same bytes for the same page."""
    lines = (json.dumps(each.to_json(), ensure_ascii=False) for each in saved_objects(page_url))
    return "".join(f"{line}\n" for line in lines).encode()
