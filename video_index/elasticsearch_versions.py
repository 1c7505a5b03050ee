"""The index behind the alias, and another that is made to take its place.

    begin ─► (behind the alias "filling") ─► put ... ─► block the old one ─► put ... ─► swap: one change of aliases
                       └──────────────── abandon: by its maker, or by anybody once its maker is gone

Everything is found out from Elasticsearch, nothing is remembered: a process that is killed leaves what the next one
needs. Whoever abandons an index takes its alias "filling" away, and both `put` and `swap` name that alias: so a maker
that was only suspended, and goes on later, changes nothing any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from schemas import Video
from schemas.index import ALIAS, FILLING, PATTERN, SETTINGS, TEMPLATE, VERSION, index_template, next_name
from video_index.elasticsearch_bulk import bulk_result, put_lines
from video_index.interface import Outcome, WriteResult

Source = dict[str, Any]
"""A document as it is stored."""

_SCANNED = 2_000
_KEEP_ALIVE = "5m"
_WHOLE = "whole"
"""In the mapping's `_meta` of an index that was in use before, and is brought up to date."""

_REPLACING = "blocked_to_be_replaced"
"""In the `_meta` of an index whose block is of one that takes its place: any other block is somebody else's."""


class IndexVersions:
    """What Elasticsearch knows of them. Methods raise what the client raises.

    New ones have so many `shards`, and `replicas` where nothing tells another number.
    """

    def __init__(
        self, client: Elasticsearch, alias: str = ALIAS, shards: int = 1, replicas: int | None = None
    ) -> None:
        self.client = client
        self._alias = alias
        self._shards = shards
        self._copies = replicas or 0

    def current(self) -> str | None:
        """The name of the index behind the alias."""
        return self._behind(self._alias)

    def filling(self) -> str | None:
        """The name of the index that is being filled."""
        return self._behind(FILLING)

    def kept(self) -> list[str]:
        """Names of the indexes that were replaced, the one before the current one last."""
        others = {self.current(), self.filling()}
        found = self.client.indices.get_settings(index=PATTERN, flat_settings=True)
        created = {name: int(each["settings"]["index.creation_date"]) for name, each in found.items()}
        return sorted((name for name in created if name not in others), key=lambda name: created[name])

    def put_template(self) -> None:
        """Puts this version's template, but not in the place of a newer one."""
        answer = self.client.options(ignore_status=404).indices.get_index_template(name=TEMPLATE)
        found = answer.get("index_templates", [])
        newest = max((each["index_template"].get("version", 0) for each in found), default=0)
        if newest <= VERSION:
            self.client.indices.put_index_template(name=TEMPLATE, **index_template(self._shards, self._copies))

    def begin(self) -> str:
        """Makes an empty index of this version to fill; its name. Called again, it is the same index."""
        filling = self.filling()
        if filling is not None:
            return filling
        self.put_template()
        name = next_name(self.client.indices.get(index=PATTERN))
        # Nobody searches it: the less is done for searches meanwhile, the sooner it is filled.
        settings = {"refresh_interval": "-1", "number_of_replicas": 0}
        self.client.indices.create(index=name, aliases={FILLING: {}}, settings=settings)
        return name

    def reopen(self, name: str) -> None:
        """Makes an index that was replaced the one to fill."""
        self.client.indices.put_mapping(index=name, meta={_WHOLE: True})
        self.client.indices.update_aliases(actions=[{"add": {"index": name, "alias": FILLING}}])
        self._set(name, {"blocks.write": None})

    def put(self, changes: Mapping[str, Video | None]) -> dict[str, str]:
        """Writes documents, or removes those that are None, in the index that is being filled.

        Gives the ids of those that the index can never take, with the reasons.
        """
        if not changes:
            return {}
        lines: list[Any] = [line for video_id, video in changes.items() for line in put_lines(video_id, video)]
        answer = self.client.bulk(index=FILLING, operations=lines, require_alias=True)
        results = [_put_result(item) for item in answer["items"]]
        rejected = zip(changes, results, strict=True)
        return {video_id: each.reason for video_id, each in rejected if each.outcome is Outcome.REJECTED}

    def block(self, name: str) -> None:
        """Lets the index take no more changes; what it took before can be read when this returns.

        A block that somebody else set before stays theirs.
        """
        if not self.has_block(name):
            # Marked first: killed in between, it leaves a mark without a block, which the next to abandon takes away.
            self._mark(name, replacing=True)
        self.client.indices.add_block(index=name, block="write")

    def is_blocked(self) -> bool:
        """Whether the index behind the alias takes no changes, because another is about to take its place."""
        current = self.current()
        return current is not None and self._is_marked(current) and self.has_block(current)

    def has_block(self, name: str) -> bool:
        """Whether this index takes no changes, as every one that was replaced."""
        found = self.client.indices.get_settings(index=name, flat_settings=True)[name]["settings"]
        return bool(found.get("index.blocks.write") == "true")

    def prepare(self, old: str | None, new: str) -> None:
        """Gives the filled index what it is searched with: refreshes, and as many replicas as `old` has."""
        self._set(new, {"refresh_interval": SETTINGS["refresh_interval"], **self._replicas(old)})
        self.client.indices.refresh(index=new)

    def swap(self, old: str | None, new: str) -> None:
        """Puts the filled index behind the alias, in the place of `old`, which is kept as it is.

        Fails as a whole when the index was abandoned, or the alias is not where it was.
        """
        self.client.indices.refresh(index=new)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": new, "alias": FILLING, "must_exist": True}},
            {"add": {"index": new, "alias": self._alias, "is_write_index": True}},
        ]
        if old is not None:
            actions.append({"remove": {"index": old, "alias": self._alias, "must_exist": True}})
        self.client.indices.update_aliases(actions=actions)

    def abandon(self) -> None:
        """Gives up what is being filled, if anything is, and lets the index behind the alias take changes again.

        A block that `block` did not set stays: somebody set it on purpose, as to split the index.
        """
        filling = self.filling()
        if filling is not None:
            if self._meta(filling).get(_WHOLE):
                self.block(filling)
                self.client.indices.update_aliases(actions=[{"remove": {"index": filling, "alias": FILLING}}])
            else:
                self.remove(filling)
        current = self.current()
        if current is not None and self._is_marked(current):
            self._set(current, {"blocks.write": None})
            self._mark(current, replacing=False)

    def remove(self, name: str) -> None:
        """Removes an index with everything in it."""
        self.client.indices.delete(index=name, ignore_unavailable=True)

    def remove_kept(self, besides: str | None = None) -> list[str]:
        """Removes the indexes that were replaced; their names."""
        names = [name for name in self.kept() if name != besides]
        for name in names:
            self.remove(name)
        return names

    def count(self, name: str) -> int:
        """How many documents an index has, the newest of them included."""
        self.client.indices.refresh(index=name)
        count: int = self.client.count(index=name)["count"]
        return count

    def scan(self, name: str) -> Iterator[tuple[str, Source]]:
        """Every document by its id, in the order of ids, as they are when it begins."""
        self.client.indices.refresh(index=name)
        view = self.client.open_point_in_time(index=name, keep_alive=_KEEP_ALIVE)["id"]
        try:
            after: list[Any] | None = None
            while True:
                hits = self.client.search(
                    pit={"id": view, "keep_alive": _KEEP_ALIVE},
                    size=_SCANNED,
                    sort=[{"video_id": "asc"}],
                    search_after=after,
                    track_total_hits=False,
                )["hits"]["hits"]
                if not hits:
                    return
                after = hits[-1]["sort"]
                yield from ((hit["_id"], hit["_source"]) for hit in hits)
        finally:
            self.client.close_point_in_time(id=view)

    def documents(self, name: str, video_ids: Sequence[str]) -> dict[str, Source]:
        """Those of the documents that there are, as of this moment."""
        found = self.client.mget(index=name, ids=list(video_ids))["docs"] if video_ids else []
        return {each["_id"]: each["_source"] for each in found if each["found"]}

    def _behind(self, alias: str) -> str | None:
        found = self.client.indices.get_alias(name=f"{alias}*")
        return next((name for name, each in found.items() if alias in each["aliases"]), None)

    def _replicas(self, old: str | None) -> dict[str, Any]:
        """As many as the index had that is replaced: somebody may have changed them."""
        if old is None:
            return {"number_of_replicas": self._copies}
        found = self.client.indices.get_settings(index=old, flat_settings=True)[old]["settings"]
        return {"number_of_replicas": found["index.number_of_replicas"]}

    def _is_marked(self, name: str) -> bool:
        return bool(self._meta(name).get(_REPLACING))

    def _mark(self, name: str, *, replacing: bool) -> None:
        self.client.indices.put_mapping(index=name, meta={**self._meta(name), _REPLACING: replacing})

    def _meta(self, name: str) -> dict[str, Any]:
        meta: dict[str, Any] = self.client.indices.get_mapping(index=name)[name]["mappings"].get("_meta", {})
        return meta

    def _set(self, name: str, settings: dict[str, Any]) -> None:
        self.client.indices.put_settings(index=name, settings={"index": settings})


def _put_result(item: dict[str, Any]) -> WriteResult:
    """To remove what is not there is as good as to remove it."""
    [(action, outcome)] = item.items()
    is_gone = action == "delete" and outcome["status"] == 404 and "error" not in outcome
    return WriteResult(Outcome.WRITTEN) if is_gone else bulk_result(item)
