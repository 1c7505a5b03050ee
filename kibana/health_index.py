"""Where the history of the pipeline's health is: one index a day, of which the old are deleted whole.

Only what every Elasticsearch distribution has is used: no data stream, no lifecycle policy, no deletion by query.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from elasticsearch import ApiError, TransportError

from kibana.errors import HealthNotKeptError
from kibana.health import PipelineHealth
from schemas.access import ElasticsearchAccess
from schemas.topics import RETENTION
from video_index.elasticsearch_client import OPEN, connect, refusal

NAME = "topicreel-health"
PATTERN = f"{NAME}-*"

_NUMBERS = ("long", "double")
_SPECIAL: dict[str, dict[str, Any]] = {
    "at": {"type": "date", "format": "strict_date_time_no_millis"},
    "state": {"type": "keyword"},
    "reason": {"type": "keyword", "ignore_above": 512},
}

_Result = TypeVar("_Result")


def _number(name: str) -> dict[str, Any]:
    return {"type": _NUMBERS[name.endswith("_s")]}


MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {name: _SPECIAL.get(name) or _number(name) for name in PipelineHealth.model_fields},
}


class HealthIndex:
    """The history. `timeout_s` bounds each request; methods raise HealthNotKeptError."""

    def __init__(
        self, url: str, access: ElasticsearchAccess = OPEN, *, replicas: int = 0, timeout_s: float = 10.0
    ) -> None:
        self._client = connect(url, access, timeout_s=timeout_s)
        self._access = access
        self._replicas = replicas

    def keep(self, health: PipelineHealth) -> None:
        """Writes the minute's document, in place of another one of the same minute, and deletes what is too old."""
        self._kept(lambda: self._keep(health))

    def _keep(self, health: PipelineHealth) -> None:
        # The template is no change where it is there already, and nothing has to be known of who was here before.
        settings = {"number_of_shards": 1, "number_of_replicas": self._replicas}
        template = {"settings": settings, "mappings": MAPPING}
        self._client.indices.put_index_template(name=NAME, index_patterns=[PATTERN], template=template)
        minute = f"{health.at.astimezone(UTC):%Y-%m-%dT%H:%M}"
        self._client.index(index=index_of(health.at), id=minute, document=health.model_dump(mode="json"))
        there = self._client.indices.get(index=PATTERN, features=["aliases"], allow_no_indices=True)
        for name in outlived(list(there), health.at):
            self._client.indices.delete(index=name, ignore_unavailable=True)

    def _kept(self, call: Callable[[], _Result]) -> _Result:
        try:
            return call()
        except (TransportError, ApiError) as error:
            refused = refusal(error, self._access.given_by)
            if refused is None and isinstance(error, ApiError):
                refused = f"Elasticsearch refuses to keep it ({error.status_code}): {error.error}"
            raise HealthNotKeptError(refused or f"Elasticsearch is away: {error}") from error

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def index_of(moment: datetime) -> str:
    """The index of that day, in UTC."""
    return f"{NAME}-{moment.astimezone(UTC):%Y.%m.%d}"


def outlived(names: list[str], now: datetime) -> list[str]:
    """Those of which every document is older than everything else that is kept; other names are left alone."""
    first = (now.astimezone(UTC) - RETENTION).date()
    return [name for name in names if (day := _day(name)) is not None and day < first]


def _day(name: str) -> date | None:
    try:
        return datetime.strptime(name, f"{NAME}-%Y.%m.%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
