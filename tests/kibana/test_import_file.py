"""The import file against what Kibana's import and its charts demand. No Kibana has read it: see the README."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kibana import import_file
from kibana.data_views import HEALTH, VIDEOS
from kibana.health_index import MAPPING as HEALTH_MAPPING
from schemas.index import MAPPING as VIDEO_MAPPING

PAGE = "http://127.0.0.1:8000"
OBJECTS: list[dict[str, Any]] = [json.loads(line) for line in import_file(PAGE).splitlines()]
BY_NAME = {(each["type"], each["id"]): each for each in OBJECTS}
CHARTS = [each for each in OBJECTS if each["type"] == "lens"]
SEARCHES = [each for each in OBJECTS if each["type"] == "search"]
[DASHBOARD] = (each for each in OBJECTS if each["type"] == "dashboard")
PANELS: list[dict[str, Any]] = json.loads(DASHBOARD["attributes"]["panelsJSON"])

# The newest versions that Kibana 8.19, the oldest that is meant, was seen to write or to accept.
NEWEST = {
    "index-pattern": (8, 0, 0),
    "search": (8, 8, 0),
    "visualization": (8, 5, 0),
    "lens": (8, 9, 0),
    "dashboard": (10, 3, 0),
}

# Of Kibana's own (x-pack/platform/plugins/shared/lens), those that were looked up.
SERIES = {"line", "area", "bar", "bar_stacked", "bar_percentage_stacked", "bar_horizontal", "bar_horizontal_stacked"}
# Attributes that Kibana's schemas of these versions know; where one refuses others, it refuses the import.
ATTRIBUTES = {
    "index-pattern": {
        "title", "name", "timeFieldName", "fieldFormatMap", "fields", "sourceFilters", "fieldAttrs", "typeMeta",
        "runtimeFieldMap",
    },
    "search": {
        "title", "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery", "timeRestore",
        "kibanaSavedObjectMeta",
    },
    "visualization": {"title", "description", "version", "kibanaSavedObjectMeta", "uiStateJSON", "visState"},
    "lens": {"title", "description", "visualizationType", "state"},
    "dashboard": {
        "title", "description", "kibanaSavedObjectMeta", "timeRestore", "timeFrom", "timeTo", "refreshInterval",
        "panelsJSON", "optionsJSON", "version",
    },
}  # fmt: skip
VISUALIZATIONS = {"lnsXY", "lnsPie", "lnsMetric"}

NUMBERS = {"integer", "long", "double"}
FITS = {
    "date_histogram": {"date"},
    "terms": {"keyword", *NUMBERS},
    "range": NUMBERS,
    "min": NUMBERS,
    "max": NUMBERS,
}


def fields(properties: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in properties.items():
        if "properties" in field:
            yield from fields(field["properties"], f"{prefix}{name}.")
        elif field.get("enabled", True) and field.get("index", True):
            yield prefix + name, field["type"]


FIELDS = {
    VIDEOS.id: dict(fields(VIDEO_MAPPING["properties"])),
    HEALTH.id: dict(fields(HEALTH_MAPPING["properties"])),
}


def name_of(each: dict[str, Any]) -> str:
    return f"{each['type']}/{each['id']}"


def layers(chart: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = chart["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]
    return found


def columns(chart: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with the data view that it is of."""
    views = {each["name"]: each["id"] for each in chart["references"]}
    for layer_id, layer in layers(chart).items():
        for column in layer["columns"].values():
            yield views[f"indexpattern-datasource-layer-{layer_id}"], column


def test_the_file_is_the_same_every_time_and_one_object_a_line() -> None:
    assert import_file(PAGE) == import_file(PAGE)
    assert import_file(PAGE).endswith(b"}\n")
    assert len(OBJECTS) == import_file(PAGE).count(b"\n")


def test_no_object_is_there_twice() -> None:
    assert len(BY_NAME) == len(OBJECTS)


@pytest.mark.parametrize("each", OBJECTS, ids=name_of)
def test_each_object_says_how_it_is_written_and_is_no_newer_than_the_oldest_kibana(each: dict[str, Any]) -> None:
    version = tuple(int(part) for part in each["typeMigrationVersion"].split("."))

    assert each["coreMigrationVersion"] == "8.8.0"
    assert (8, 0, 0) <= version <= NEWEST[each["type"]]
    assert "migrationVersion" not in each


@pytest.mark.parametrize("each", OBJECTS, ids=name_of)
def test_each_object_has_attributes_that_kibana_knows(each: dict[str, Any]) -> None:
    assert set(each["attributes"]) <= ATTRIBUTES[each["type"]]
    assert set(each["attributes"].get("kibanaSavedObjectMeta", {})) <= {"searchSourceJSON"}


@pytest.mark.parametrize("each", OBJECTS, ids=name_of)
def test_each_reference_is_in_the_file_before_what_refers_to_it(each: dict[str, Any]) -> None:
    before = list(BY_NAME)[: OBJECTS.index(each)]

    assert all((needed["type"], needed["id"]) in before for needed in each["references"])
    assert len({needed["name"] for needed in each["references"]}) == len(each["references"])


@pytest.mark.parametrize("each", OBJECTS, ids=name_of)
def test_json_within_strings_is_json(each: dict[str, Any]) -> None:
    attributes = each["attributes"]
    packed = [value for name, value in attributes.items() if name.endswith("JSON") or name in {"visState"}]
    packed += [attributes.get("kibanaSavedObjectMeta", {}).get("searchSourceJSON", "{}")]
    if each["type"] == "index-pattern":
        packed += [attributes[name] for name in ("fieldFormatMap", "fields", "sourceFilters", "runtimeFieldMap")]

    for value in packed:
        json.loads(value)


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_each_layer_has_its_data_view_and_columns_of_kinds_that_there_are(chart: dict[str, Any]) -> None:
    assert chart["attributes"]["visualizationType"] in VISUALIZATIONS
    assert {each["name"] for each in chart["references"]} == {
        f"indexpattern-datasource-layer-{layer_id}" for layer_id in layers(chart)
    }
    for layer in layers(chart).values():
        assert sorted(layer["columnOrder"]) == sorted(layer["columns"])
        assert all("." not in name for name in layer["columns"])
        bucketed = [layer["columns"][name]["isBucketed"] for name in layer["columnOrder"]]
        assert bucketed == sorted(bucketed, reverse=True), "buckets come before what is computed in them"
        assert {column["operationType"] for column in layer["columns"].values()} <= {"count", *FITS}


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_what_is_drawn_are_columns_of_the_layer_each_used_once(chart: dict[str, Any]) -> None:
    drawn = chart["attributes"]["state"]["visualization"]

    for layer in drawn.get("layers", [drawn]):
        used = [layer[name] for name in ("xAccessor", "splitAccessor", "metricAccessor") if name in layer]
        used += [*layer.get("accessors", []), *layer.get("primaryGroups", []), *layer.get("metrics", [])]
        there = layers(chart)[layer["layerId"]]["columns"]
        assert sorted(used) == sorted(there)
        assert layer["layerType"] == "data"
        assert layer.get("seriesType", "bar") in SERIES
        assert {each["forAccessor"] for each in layer.get("yConfig", [])} <= set(layer.get("accessors", []))


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_each_column_is_of_a_field_that_its_operation_can_use(chart: dict[str, Any]) -> None:
    for data_view, column in columns(chart):
        if column["operationType"] == "count":
            assert column["sourceField"] == "___records___"
            continue
        # Ranges with labels are words to Kibana.
        words = column["operationType"] == "terms" or column["params"].get("type") == "range"
        assert (column["dataType"] == "string") == words
        assert FIELDS[data_view][column["sourceField"]] in FITS[column["operationType"]]


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_only_a_chart_without_an_axis_of_time_looks_at_the_end_of_the_range_alone(chart: dict[str, Any]) -> None:
    for layer in layers(chart).values():
        operations = {column["operationType"] for column in layer["columns"].values()}
        reduced = [column for column in layer["columns"].values() if "reducedTimeRange" in column]
        assert not reduced or "date_histogram" not in operations


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_values_are_ranked_by_a_column_that_is_there(chart: dict[str, Any]) -> None:
    for layer in layers(chart).values():
        for column in layer["columns"].values():
            if column["operationType"] == "terms":
                assert column["params"]["orderBy"]["columnId"] in layer["columns"]


@pytest.mark.parametrize("search", SEARCHES, ids=name_of)
def test_a_saved_search_shows_fields_of_its_data_view_newest_first(search: dict[str, Any]) -> None:
    attributes = search["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    [data_view] = (each["id"] for each in search["references"] if each["name"] == source["indexRefName"])

    assert set(attributes["columns"]) <= set(FIELDS[data_view])
    assert all(FIELDS[data_view][name] == "date" and order == "desc" for name, order in attributes["sort"])


@pytest.mark.parametrize("view", [VIDEOS, HEALTH], ids=lambda view: view.id)
def test_a_data_view_has_a_field_of_time_and_shows_fields_that_there_are(view: Any) -> None:
    formats = json.loads(view.attributes["fieldFormatMap"])

    assert FIELDS[view.id][view.attributes["timeFieldName"]] == "date"
    assert set(formats) <= set(FIELDS[view.id])


def test_videos_have_links_and_pictures() -> None:
    formats = json.loads(VIDEOS.attributes["fieldFormatMap"])

    link, picture = formats["video_id"]["params"], formats["thumbnail"]["params"]

    assert (link["type"], picture["type"]) == ("a", "img")
    assert link["urlTemplate"].replace("{{rawValue}}", "abc") == "https://www.youtube.com/watch?v=abc"
    assert picture["urlTemplate"].replace("{{rawValue}}", "abc") == "https://i.ytimg.com/vi/abc/mqdefault.jpg"
    assert VIDEO_MAPPING["properties"]["thumbnail"] == {"type": "alias", "path": "video_id"}


def test_every_panel_is_an_object_of_its_type() -> None:
    references = {each["name"]: (each["type"], each["id"]) for each in DASHBOARD["references"]}

    shown = {references[f"{panel['panelIndex']}:{panel['panelRefName']}"]: panel["type"] for panel in PANELS}

    assert all(kind == name for (kind, _), name in shown.items())
    assert len(references) == len(PANELS) == len(shown)
    # Kibana 9 goes by what follows `panel_`, rather than by what comes before the colon.
    assert all(panel["panelRefName"] == f"panel_{panel['panelIndex']}" for panel in PANELS)


def test_every_chart_is_on_the_dashboard() -> None:
    assert {each["id"] for each in CHARTS} <= {each["id"] for each in DASHBOARD["references"]}


def test_panels_fill_a_grid_48_wide_without_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        place = panel["gridData"]
        assert place["i"] == panel["panelIndex"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        taken |= cells

    assert len(taken) == 48 * (1 + max(y for _, y in taken))
    assert max(x for x, _ in taken) == 47


def text_of(file: bytes) -> str:
    [text] = (each for each in map(json.loads, file.splitlines()) if each["type"] == "visualization")
    markdown: str = json.loads(text["attributes"]["visState"])["params"]["markdown"]
    return markdown


def test_who_looks_for_keys_and_subjects_is_led_to_the_page_and_its_api() -> None:
    markdown = text_of(import_file("https://videos.example/"))

    assert "](https://videos.example/)" in markdown
    assert "](https://videos.example/docs)" in markdown
    assert "https://www.youtube.com" in markdown


def test_simulated_data_are_labelled() -> None:
    assert "simulated" in text_of(import_file(PAGE, simulated=True))
    assert "simulated" not in text_of(import_file(PAGE))
