"""Copies of the index that Elasticsearch itself writes, to where its `path.repo` allows, and reads again.

Each copy is a repository of its own below that: whole, and gone when its directory is removed. Of the snapshot API
only what every distribution has is used.
"""

from collections.abc import Mapping
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from operations.backup_file import Snapshot
from operations.errors import FailedError, RefusedError

_REPOSITORY = "topicreel-backup"
_SNAPSHOT = "videos"
_WITHIN_S = 24 * 3600.0


class Snapshots:
    """Threads may not share it: the repository has one name."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client.options(request_timeout=_WITHIN_S)

    def check(self, location: str) -> None:
        """Raises RefusedError where Elasticsearch may not write."""
        self._register(location, readonly=False)
        self._forget()

    def check_copy(self, snapshot: Snapshot) -> None:
        """Raises RefusedError where Elasticsearch does not find the copy, or not the whole of it.

        It reads what the copy says of itself; the documents it reads when they are brought back.
        """
        self._register(snapshot.location, readonly=True)
        try:
            [copy] = self._client.snapshot.get(repository=_REPOSITORY, snapshot=_SNAPSHOT)["snapshots"]
        except ApiError as error:
            raise RefusedError(
                f"Elasticsearch finds no copy of the index in {snapshot.location} below its path.repo "
                f"({error.error}): put the directory that the backup wrote there where every node can read it, or "
                "say --rebuild: the index is then made anew from youtube.videos"
            ) from error
        finally:
            self._forget()
        if not _is_whole(copy) or snapshot.index not in copy["indices"]:
            raise RefusedError(
                f"the copy in {snapshot.location} is not the whole of {snapshot.index}: say --rebuild, and the index "
                "is made anew from youtube.videos"
            )

    def make(self, location: str, index: str) -> Snapshot:
        """Copies the index as it is when this begins. Raises FailedError and RefusedError."""
        self._register(location, readonly=False)
        try:
            self._client.indices.refresh(index=index)
            documents = self._client.count(index=index)["count"]
            answer = self._client.snapshot.create(
                repository=_REPOSITORY,
                snapshot=_SNAPSHOT,
                indices=index,
                include_global_state=False,
                wait_for_completion=True,
            )["snapshot"]
            if not _is_whole(answer):
                raise FailedError(
                    f"Elasticsearch could not copy {index}: {answer.get('failures') or answer['state']}"
                )
        finally:
            self._forget()
        return Snapshot(location=location, index=index, documents=documents)

    def bring_back(self, snapshot: Snapshot) -> None:
        """Makes the index again from its copy, behind its alias. There must be none of its name.

        Raises FailedError, whatever it is: there is no index then, and the restore is to be run again.
        """
        again = "Run the restore again with --overwrite, and with --rebuild where it cannot be mended"
        try:
            self._register(snapshot.location, readonly=True)
            answer = self._client.snapshot.restore(
                repository=_REPOSITORY,
                snapshot=_SNAPSHOT,
                indices=snapshot.index,
                include_aliases=True,
                include_global_state=False,
                # A copy that was made while a reindex had it blocked.
                ignore_index_settings=["index.blocks.write"],
                wait_for_completion=True,
            )
            if answer["snapshot"]["shards"]["failed"]:
                raise FailedError(f"not all of {snapshot.index} could be read from its copy. {again}")
            self._client.cluster.health(index=snapshot.index, wait_for_status="yellow", timeout="60s")
        except (ApiError, RefusedError) as error:
            raise FailedError(f"Elasticsearch cannot bring {snapshot.index} back: {error}. {again}") from error
        finally:
            self._forget()

    def _register(self, location: str, *, readonly: bool) -> None:
        settings = {"location": location, "readonly": readonly}
        try:
            self._client.snapshot.create_repository(name=_REPOSITORY, repository={"type": "fs", "settings": settings})
        except ApiError as error:
            raise RefusedError(
                f"Elasticsearch cannot use {location} below its path.repo ({error.error}): set path.repo on every "
                "node to a directory that it may write to, or go without a copy of the index (--without-snapshot, "
                "--rebuild): it is then made anew from youtube.videos"
            ) from error

    def _forget(self) -> None:
        """The repository's name only; what lies in it stays."""
        self._client.options(ignore_status=404).snapshot.delete_repository(name=_REPOSITORY)


def _is_whole(copy: Mapping[str, Any]) -> bool:
    return bool(copy["state"] == "SUCCESS" and copy["shards"]["failed"] == 0)
