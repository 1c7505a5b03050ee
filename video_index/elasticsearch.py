"""The index on Elasticsearch: a strict, versioned index behind an alias.

    write ──► _bulk (create | index if_seq_no | delete if_seq_no, require_alias) ──► one outcome per document
    get   ──► _mget (realtime: sees what is not searchable yet)
    page ──► _search (constant scores for the tiers, sorted by score, views or date; search_after behind a position
             and past 10,000)
    count, aggregate, channel_titles ─► _count, _search (no hits; or, collapsed, the newest of each channel)
    stalest, without_details, freshness ─► _search (ids only, sorted by a date; a count and the least date)

Only what every Elasticsearch distribution has is used: no scripts, no ingest, no x-pack.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self, TypeVar
from urllib.parse import quote

from elasticsearch import ApiError, BadRequestError, TransportError

from schemas import Video, format_utc, parse_utc
from schemas.access import ElasticsearchAccess
from schemas.index import ALIAS, INDEX, MAPPING, VERSION, version_of
from video_index.clauses import EVERYTHING, Clause
from video_index.elasticsearch_bulk import BLOCKED, OVERLOADED, bulk_lines, bulk_result
from video_index.elasticsearch_client import OPEN, connect, refusal
from video_index.elasticsearch_query import search_body, translate
from video_index.elasticsearch_versions import IndexVersions
from video_index.engine import Hits
from video_index.errors import (
    IndexAccessError,
    IndexBlockedError,
    IndexOutdatedError,
    IndexSetupError,
    IndexUnavailableError,
    PageTooFarError,
)
from video_index.interface import Delete, Freshness, Position, Stored, Write, WriteResult
from video_index.plan import Plan
from video_index.searching import Searching

RESULT_WINDOW = 10_000
"""`index.max_result_window`: as far as `from` + `size` reach; further pages are walked to with `search_after`."""

_DETAILED = {"term": {"derived.has_details": True}}
"""Documents with details. Those that were written before the field was there had none."""

_JSON = {"accept": "application/json", "content-type": "application/json"}

_Result = TypeVar("_Result")


class ElasticsearchIndex(Searching):
    """`VideoIndex` on Elasticsearch. `timeout_s` bounds each request, as for `connect`; callers retry. It also bounds
    all requests together that lead to a page past 10,000 results, but for the last one under way.

    `shards` are those of an index that is made, `replicas` also those of one that is there, if they are given.
    """

    def __init__(
        self,
        url: str,
        access: ElasticsearchAccess = OPEN,
        *,
        timeout_s: float = 30.0,
        alias: str = ALIAS,
        shards: int = 1,
        replicas: int | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = connect(url, access, timeout_s=timeout_s)
        self._timeout_s = timeout_s
        self._monotonic_s = monotonic_s
        self._access = access
        self._alias = alias
        self._search_path = f"/{quote(alias, safe='')}/_search"
        self._shards = shards
        self._replicas = replicas

    def ensure(self) -> None:
        """Puts the template and, where nothing answers to the alias, the first index behind it.

        An index that is there is given the fields that it lacks, and one of a newer version left as it is. Raises
        IndexOutdatedError for an older one, whose strict mapping would refuse documents of this version, and where
        the index is lost and the first was replaced before: it would bring old documents back.
        """
        self._reached(self._ensure)

    def get(self, video_ids: Sequence[str]) -> list[Stored | None]:
        """See `VideoIndex.get`."""
        if not video_ids:
            return []
        answer = self._reached(lambda: self._client.mget(index=self._alias, ids=list(video_ids)))
        return [_stored(document) for document in answer["docs"]]

    def write(self, changes: Sequence[Write | Delete]) -> list[WriteResult]:
        """See `VideoIndex.write`. Raises IndexUnavailableError if one document met an overloaded index."""
        if not changes:
            return []
        # Lines that are encoded already; the client passes bytes through.
        operations: list[Any] = [line for change in changes for line in bulk_lines(change)]
        answer = self._reached(
            lambda: self._client.bulk(index=self._alias, operations=operations, require_alias=True)
        )
        return [bulk_result(item) for item in answer["items"]]

    def freshness(self) -> Freshness:
        """See `VideoIndex.freshness`."""
        found: dict[str, dict[str, Any]] = {
            "detailed": {"filter": _DETAILED},
            "oldest": {"min": {"field": "refreshed_at"}},
        }
        answer = self._reached(
            lambda: self._client.search(index=self._alias, size=0, track_total_hits=True, aggregations=found)
        )
        videos = answer["hits"]["total"]["value"]
        oldest = answer["aggregations"]["oldest"].get("value_as_string")
        return Freshness(
            videos=videos,
            without_details=videos - answer["aggregations"]["detailed"]["doc_count"],
            oldest=None if oldest is None else parse_utc(oldest),
        )

    def without_details(self, limit: int) -> list[str]:
        """See `VideoIndex.without_details`."""
        return self._ids({"bool": {"must_not": [_DETAILED]}}, "first_seen_at", limit)

    def stalest(self, limit: int, refreshed_before: datetime) -> list[str]:
        """See `VideoIndex.stalest`."""
        before = {"range": {"refreshed_at": {"lt": format_utc(refreshed_before)}}}
        return self._ids(before, "refreshed_at", limit)

    def page(self, asked: Plan, after: Position | None, offset: int, limit: int, *, counted: bool) -> Hits:
        """See `Engine.page`."""
        body = search_body(asked)
        page: dict[str, Any] = {"size": limit}
        if after is not None:
            page["search_after"] = list(after)
        elif offset + limit <= RESULT_WINDOW:
            page["from"] = offset
        else:
            before = self._reached(lambda: self._position_before(body, offset))
            page = {"size": 0} if before is None else {"size": limit, "search_after": before}
        # The client's own method of this name takes a sixth of a millisecond to sort out its hundred parameters.
        answer = self._reached(
            lambda: self._client.perform_request(
                "POST", self._search_path, headers=_JSON, body={**body, **page, "track_total_hits": counted}
            )
        )
        return Hits(
            tuple((tuple(map(int, hit["sort"])), hit["_source"]) for hit in answer["hits"]["hits"]),
            answer["hits"]["total"]["value"] if counted else 0,
        )

    def count(self, clause: Clause) -> int:
        """See `Engine.count`."""
        answer = self._reached(lambda: self._client.count(index=self._alias, query=_filtered(clause)))
        count: int = answer["count"]
        return count

    def counts(self, clauses: Sequence[Clause]) -> list[int]:
        """See `Engine.counts`. One request for all of them."""
        asked = {f"{number}": {"filter": translate(clause)} for number, clause in enumerate(clauses)}
        found = self.aggregate(EVERYTHING, asked) if asked else {}
        return [found[name]["doc_count"] for name in asked]

    def aggregate(self, clause: Clause, aggregations: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Engine.aggregate`."""
        answer = self._reached(
            lambda: self._client.search(
                index=self._alias, size=0, track_total_hits=False, query=_filtered(clause), aggregations=aggregations
            )
        )
        found: Mapping[str, Any] = answer["aggregations"]
        return found

    def channel_titles(self, channel_ids: Sequence[str]) -> Mapping[str, str]:
        """See `Engine.channel_titles`."""
        if not channel_ids:
            return {}
        answer = self._reached(
            lambda: self._client.search(
                index=self._alias,
                query={"bool": {"filter": [{"terms": {"channel_id": list(channel_ids)}}]}},
                sort=[{"derived.sort_key": "desc"}],
                collapse={"field": "channel_id"},
                size=len(channel_ids),
                source_includes=["channel_id", "channel_title"],
                track_total_hits=False,
            )
        )
        found = [hit["_source"] for hit in answer["hits"]["hits"]]
        return {document["channel_id"]: document["channel_title"] for document in found}

    def check(self) -> None:
        """See `VideoIndex.check`."""
        if not self._reached(lambda: self._client.indices.exists_alias(name=self._alias)):
            raise IndexUnavailableError(
                f"Elasticsearch answers, but has no alias {self._alias} yet: the processor makes it"
            )

    def is_blocked(self) -> bool:
        """See `VideoIndex.is_blocked`."""
        return self._reached(self.versions.is_blocked)

    def unblock(self) -> None:
        """See `VideoIndex.unblock`."""
        self._reached(self.versions.abandon)

    @property
    def versions(self) -> IndexVersions:
        """The index behind the alias, and those beside it."""
        return IndexVersions(self._client, self._alias, self._shards, self._replicas)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _ensure(self) -> None:
        current = self.versions.current()
        found = None if current is None else version_of(current)
        if found is not None and found > VERSION:
            # What follows would take back what the newer version did.
            return
        self.versions.put_template()
        if found is not None and found < VERSION:
            raise IndexOutdatedError(
                f"the index behind {self._alias} is {current}, and this version needs v{VERSION}: run `make reindex`"
            )
        if current is not None:
            self._client.indices.put_mapping(index=self._alias, properties=MAPPING["properties"])
            if self._replicas is not None:
                self._client.indices.put_settings(index=self._alias, settings={"number_of_replicas": self._replicas})
            return
        try:
            self._client.indices.create(index=INDEX, aliases={self._alias: {"is_write_index": True}})
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise IndexSetupError(f"Elasticsearch refuses the index {INDEX}: {error.error}") from error
            if self.versions.has_block(INDEX):
                raise IndexOutdatedError(
                    f"no index is behind {self._alias}, and {INDEX} was replaced before: run `make reindex`, which "
                    "makes the lost one anew from the log"
                ) from error
            # Made by another processor since the look, or left without its alias.
            self._client.indices.put_alias(index=INDEX, name=self._alias, is_write_index=True)

    def _reached(self, call: Callable[[], _Result]) -> _Result:
        return reached(call, self._access.given_by)

    def _ids(self, query: dict[str, Any], oldest_first: str, limit: int) -> list[str]:
        """Ids of up to `limit` documents, no more than the result window, by a date field."""
        answer = self._reached(
            lambda: self._client.search(
                index=self._alias,
                query={"bool": {"filter": [query]}},
                sort=[{oldest_first: "asc"}],
                size=min(limit, RESULT_WINDOW),
                source=False,
                track_total_hits=False,
            )
        )
        return [hit["_id"] for hit in answer["hits"]["hits"]]

    def _position_before(self, body: dict[str, Any], offset: int) -> list[Any] | None:
        """Where the result stands that is just before `offset`; None when there are not so many.

        Raises PageTooFarError when the time is up before.
        """
        end_s = self._monotonic_s() + self._timeout_s
        after: list[Any] | None = None
        skipped = 0
        while skipped < offset:
            if self._monotonic_s() > end_s:
                raise PageTooFarError(
                    f"{skipped:,} of the {offset:,} results before were skipped in {self._timeout_s:g} s"
                )
            step = min(offset - skipped, RESULT_WINDOW)
            page: dict[str, Any] = {"size": step} if after is None else {"size": step, "search_after": after}
            hits = self._client.search(index=self._alias, **body, **page, source=False, track_total_hits=False)[
                "hits"
            ]["hits"]
            if len(hits) < step:
                return None
            after, skipped = hits[-1]["sort"], skipped + step
        return after


def _filtered(clause: Clause) -> dict[str, Any]:
    return {"bool": {"filter": [translate(clause)]}}


def _stored(document: dict[str, Any]) -> Stored | None:
    if "error" in document:
        raise IndexUnavailableError(f"Elasticsearch cannot read a document now: {document['error'].get('reason')}")
    if not document["found"]:
        return None
    return Stored(Video.model_validate(document["_source"]), (document["_seq_no"], document["_primary_term"]))


def reached(call: Callable[[], _Result], given_by: str = OPEN.given_by) -> _Result:
    """What the call gives; what the client raises becomes one of the index's errors.

    `given_by` are the settings that the client's credentials come from.
    """
    try:
        return call()
    except (TransportError, ApiError) as error:
        if isinstance(error, ApiError) and error.status_code == 403 and error.error == BLOCKED:
            raise IndexBlockedError("the index takes no changes for now") from error
        refused = refusal(error, given_by)
        if refused is not None:
            raise IndexAccessError(refused) from error
        if isinstance(error, ApiError) and error.status_code not in {404, *OVERLOADED}:
            raise IndexSetupError(
                f"Elasticsearch refuses the request ({error.status_code}): {error.error}"
            ) from error
        raise IndexUnavailableError(f"Elasticsearch is away: {error}") from error
