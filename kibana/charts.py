"""Kinds of Lens charts. Each has one layer of data, and the columns in it."""

from collections.abc import Mapping
from typing import Any

from kibana.columns import Column
from kibana.saved_object import SavedObject

_LAYER = "layer"
_EVERYTHING = {"query": "", "language": "kuery"}


def over_axis(
    object_id: str,
    title: str,
    data_view: SavedObject,
    *,
    kind: str,
    x: Column,
    ys: tuple[Column, ...],
    split: Column | None = None,
    on_the_right: tuple[str, ...] = (),
) -> SavedObject:
    """Bars, lines or areas; `kind` is Kibana's name of a series type. Columns `on_the_right` have their own axis."""
    layer: dict[str, Any] = {
        "layerId": _LAYER,
        "layerType": "data",
        "seriesType": kind,
        "xAccessor": x.id,
        "accessors": [y.id for y in ys],
        "yConfig": [{"forAccessor": name, "axisMode": "right"} for name in on_the_right],
    }
    if split is not None:
        layer["splitAccessor"] = split.id
    visualization = {
        "preferredSeriesType": kind,
        "layers": [layer],
        "legend": {"isVisible": split is not None or len(ys) > 1, "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "Linear",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
    }
    # Kibana nests buckets in this order: the split outside, so that its values are those of the whole range.
    columns = (*(() if split is None else (split,)), x, *ys)
    return _lens(object_id, title, data_view, "lnsXY", visualization=visualization, columns=columns)


def donut(object_id: str, title: str, data_view: SavedObject, *, by: Column, of: Column) -> SavedObject:
    """Parts of a whole."""
    layer = {
        "layerId": _LAYER,
        "layerType": "data",
        "primaryGroups": [by.id],
        "metrics": [of.id],
        "numberDisplay": "percent",
        "categoryDisplay": "default",
        "legendDisplay": "default",
        "nestedLegend": False,
    }
    visualization = {"shape": "donut", "layers": [layer]}
    return _lens(object_id, title, data_view, "lnsPie", visualization=visualization, columns=(by, of))


def number(object_id: str, title: str, data_view: SavedObject, of: Column) -> SavedObject:
    """One number, large."""
    visualization = {"layerId": _LAYER, "layerType": "data", "metricAccessor": of.id}
    return _lens(object_id, title, data_view, "lnsMetric", visualization=visualization, columns=(of,))


def _lens(
    object_id: str,
    title: str,
    data_view: SavedObject,
    kind: str,
    *,
    visualization: Mapping[str, Any],
    columns: tuple[Column, ...],
) -> SavedObject:
    layer = {
        "columns": {column.id: column.to_state() for column in columns},
        "columnOrder": [column.id for column in columns],
        "incompleteColumns": {},
        "sampling": 1,
        "ignoreGlobalFilters": False,
    }
    state = {
        "visualization": visualization,
        "query": _EVERYTHING,
        "filters": [],
        "datasourceStates": {"formBased": {"layers": {_LAYER: layer}}},
        "internalReferences": [],
        "adHocDataViews": {},
    }
    attributes = {"title": title, "description": "", "visualizationType": kind, "state": state}
    return SavedObject("lens", object_id, attributes, (data_view.refer(f"indexpattern-datasource-layer-{_LAYER}"),))
