"""Copies of the index that Elasticsearch itself writes, to where its `path.repo` allows, and reads again.

Each copy is a repository of its own below that: whole, and gone when its directory is removed. Of the snapshot API
only what every distribution has is used.
"""

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

    def make(self, location: str, index: str) -> Snapshot:
        """Copies the index as it is when this begins. Raises FailedError and RefusedError."""
        self._register(location, readonly=False)
        try:
            self._client.indices.refresh(index=index)
            answer = self._client.snapshot.create(
                repository=_REPOSITORY,
                snapshot=_SNAPSHOT,
                indices=index,
                include_global_state=False,
                wait_for_completion=True,
            )["snapshot"]
            if answer["state"] != "SUCCESS":
                raise FailedError(
                    f"Elasticsearch could not copy {index}: {answer.get('failures') or answer['state']}"
                )
        finally:
            self._forget()
        return Snapshot(location=location, index=index, documents=self._client.count(index=index)["count"])

    def bring_back(self, snapshot: Snapshot) -> None:
        """Makes the index again from its copy, behind its alias. There must be none of its name. Raises as `make`."""
        self._register(snapshot.location, readonly=True)
        try:
            self._client.snapshot.restore(
                repository=_REPOSITORY,
                snapshot=_SNAPSHOT,
                indices=snapshot.index,
                include_aliases=True,
                include_global_state=False,
                # A copy that was made while a reindex had it blocked.
                ignore_index_settings=["index.blocks.write"],
                wait_for_completion=True,
            )
            self._client.cluster.health(index=snapshot.index, wait_for_status="yellow", timeout="60s")
        except ApiError as error:
            raise FailedError(f"Elasticsearch cannot bring {snapshot.index} back: {error}") from error
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
