"""All objects as the file that Kibana imports: one JSON object a line."""

import json

from kibana.dashboard import dashboard, welcome
from kibana.data_views import DATA_VIEWS
from kibana.panels import CHARTS
from kibana.saved_object import SavedObject
from kibana.saved_searches import SAVED_SEARCHES


def saved_objects(page_url: str, *, simulated: bool = False) -> tuple[SavedObject, ...]:
    """Everything that is imported, each object after those that it refers to."""
    text = welcome(page_url, simulated=simulated)
    return (*DATA_VIEWS, *CHARTS, *SAVED_SEARCHES, text, dashboard(text))


def import_file(page_url: str, *, simulated: bool = False) -> bytes:
    """The file, in UTF-8; the same bytes for the same page. `simulated` labels what is shown as such."""
    lines = (json.dumps(each.to_json(), ensure_ascii=False) for each in saved_objects(page_url, simulated=simulated))
    return "".join(f"{line}\n" for line in lines).encode()
