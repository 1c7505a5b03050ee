"""Columns of a Lens chart: what is computed, of which field, under which label."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RECORDS = "___records___"
"""Kibana's name for the documents themselves."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `id` is how its chart refers to it."""

    id: str
    label: str
    operation: str
    source: str
    data_type: str
    bucketed: bool
    scale: str
    params: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_state(self) -> dict[str, Any]:
        """As it stands in the state of a chart."""
        return {
            "label": self.label,
            "customLabel": True,
            "dataType": self.data_type,
            "operationType": self.operation,
            "sourceField": self.source,
            "isBucketed": self.bucketed,
            "scale": self.scale,
            "params": dict(self.params),
            **self.more,
        }


def _id(field_name: str) -> str:
    """Without the dots of a field's name, which Kibana's own ids never have."""
    return field_name.replace(".", "-")


def over_time(time_field: str) -> Column:
    """An axis of time, in intervals that fit the range that is looked at."""
    params = {"interval": "auto", "includeEmptyRows": True, "dropPartials": False}
    return Column("time", "Time", "date_histogram", time_field, "date", True, "interval", params)


def count(label: str) -> Column:
    """How many documents."""
    return Column("count", label, "count", RECORDS, "number", False, "ratio", {"emptyAsNull": False})


def most(name: str, label: str, *, lately: bool = False) -> Column:
    """The greatest value of a number; `lately`: of the last five minutes of the range that is looked at."""
    return _extreme("max", name, label, lately=lately)


def least(name: str, label: str, *, lately: bool = False) -> Column:
    """The least value of a number; `lately`: of the last five minutes of the range that is looked at."""
    return _extreme("min", name, label, lately=lately)


def _extreme(operation: str, name: str, label: str, *, lately: bool) -> Column:
    more = {"reducedTimeRange": "5m"} if lately else {}
    return Column(name, label, operation, name, "number", False, "ratio", {"emptyAsNull": True}, more)


def top(name: str, label: str, size: int, by: Column, *, with_missing: bool = False) -> Column:
    """The values of a keyword with the most of `by`; what is beyond `size` of them together as another one."""
    params = {
        "size": size,
        "orderBy": {"type": "column", "columnId": by.id},
        "orderDirection": "desc",
        "otherBucket": True,
        "missingBucket": with_missing,
        "parentFormat": {"id": "terms"},
    }
    return Column(_id(name), label, "terms", name, "string", True, "ordinal", params)


def ranges(name: str, label: str, *bounds: tuple[float | None, float | None, str]) -> Column:
    """Ranges of a number, from (included) to (excluded), each with its label; None for no end."""
    params = {
        "type": "range",
        "ranges": [{"from": start, "to": end, "label": told} for start, end, told in bounds],
        "maxBars": "auto",
        "parentFormat": {"id": "range", "params": {"template": "arrow_right", "replaceInfinity": True}},
    }
    # Kibana takes ranges with labels for words.
    return Column(_id(name), label, "range", name, "string", True, "ordinal", params)
