"""What Kibana asks Elasticsearch for a Lens chart: its columns as aggregations, nested in their order.

Only the operations that the dashboard uses are known, and an interval of an hour stands for an automatic one.
"""

from typing import Any

MISSING = "__missing__"
"""Kibana's own name for documents without a value."""


def aggregations(state: dict[str, Any]) -> dict[str, Any]:
    """The body's `aggs` for the only layer of a chart."""
    [layer] = state["datasourceStates"]["formBased"]["layers"].values()
    columns = [(name, layer["columns"][name]) for name in layer["columnOrder"]]
    metrics = {name: metric(column) for name, column in columns if not column["isBucketed"]}
    asked = {name: body for name, body in metrics.items() if body is not None}
    for name, column in reversed([each for each in columns if each[1]["isBucketed"]]):
        asked = {name: {**bucket(column), **({"aggs": asked} if asked else {})}}
    return asked


def metric(column: dict[str, Any]) -> dict[str, Any] | None:
    """An aggregation of one number; None for a count, which every bucket has anyway."""
    if column["operationType"] == "count":
        return None
    asked: dict[str, Any] = {column["operationType"]: {"field": column["sourceField"]}}
    if "reducedTimeRange" not in column:
        return asked
    lately = {"range": {"at": {"gte": f"now-{column['reducedTimeRange']}"}}}
    return {"filter": lately, "aggs": {"value": asked}}


def bucket(column: dict[str, Any]) -> dict[str, Any]:
    """An aggregation into buckets."""
    field, params = column["sourceField"], column["params"]
    match column["operationType"]:
        case "date_histogram":
            return {"date_histogram": {"field": field, "fixed_interval": "1h", "min_doc_count": 1}}
        case "terms":
            # The only order used is by the count, which is Elasticsearch's own.
            missing = {"missing": MISSING} if params["missingBucket"] else {}
            return {"terms": {"field": field, "size": params["size"], **missing}}
        case "range":
            bounds = (
                {key: each[key] for key in ("from", "to") if each[key] is not None} for each in params["ranges"]
            )
            return {"range": {"field": field, "ranges": list(bounds)}}
    raise AssertionError(f"not known: {column['operationType']}")


def first_buckets(state: dict[str, Any], answer: dict[str, Any]) -> dict[str, int]:
    """Of a chart with buckets, the count of each outermost one that has any, by its key."""
    [layer] = state["datasourceStates"]["formBased"]["layers"].values()
    buckets = answer["aggregations"][layer["columnOrder"][0]]["buckets"]
    return {str(each["key"]): each["doc_count"] for each in buckets if each["doc_count"]}
