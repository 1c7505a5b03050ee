"""Makes the index anew from `youtube.videos`, behind its alias, while the pipeline runs.

    begin ─► fill: replay from the beginning ─► compare with the old one ─► block the old one (processors hold)
                 ─► replay the rest ─► settle what differed ─► swap the alias (processors go on, on the new one)

The processor writes each change to the topic before the index, so what the old index has when it is blocked is on the
topic by then. While it is blocked, what changed since the comparison is looked at, and what the old index had then
that the topic had not, or had otherwise: the time grows with these, not with the index, nor with what it lost. Killed
at any point it leaves the old index in place, and the next run begins anew; the block, if there is one, is taken away
by it, or by a processor that meets it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import TypeVar

from event_log import EventLog, LogAccessError, LogUnavailableError, Ownership
from observability import event_logger
from operations.comparing import Difference, are_same, corrections, differing
from operations.errors import FailedError, LostError, RefusedError
from operations.replay import AT_ONCE, Changes, Replay, replaying
from video_index import IndexUnavailableError
from video_index.elasticsearch import reached
from video_index.elasticsearch_versions import IndexVersions, Source
from waiting import Patience

logs = event_logger("operations")

T = TypeVar("T")

_NEARLY = 1_000
"""Records and suspects that are left for the time in which the index is blocked."""

_ROUNDS = 3
"""Of looking again at what differed, before the index is blocked."""
_TELL_EVERY_S = 10.0


class Step(StrEnum):
    """How far it has come."""

    BEGUN = "begun"
    FILLED = "filled"
    COMPARED = "compared"
    BLOCKED = "blocked"
    SETTLED = "settled"
    SWAPPED = "swapped"


@dataclass(slots=True)
class ReindexReport:
    """What was done. `corrected` documents were taken from the old index, `only_replayed` were not in it.

    `rejected` are ids of records that the new index does not take, with its reasons.
    """

    index: str = ""
    replaced: str | None = None
    documents: int = 0
    records: int = 0
    unreadable: int = 0
    corrected: int = 0
    only_replayed: int = 0
    rejected: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    blocked_s: float = 0.0


class Reindex:
    """One run, by the owner of the work. `on_step` is told each step that was done."""

    def __init__(
        self,
        log: EventLog,
        versions: IndexVersions,
        claim: Ownership,
        patience: Patience,
        on_step: Callable[[Step], None] = lambda _: None,
    ) -> None:
        self._log = log
        self._versions = versions
        self._claim = claim
        self._patience = patience
        self._on_step = on_step
        self._report = ReindexReport()
        self._since_compared: set[str] | None = None
        self._only_replayed: set[str] = set()
        self._told_s = time.monotonic()

    def run(self) -> ReindexReport:
        """Puts an index of this version, made from the log, in the place of the one there is, if there is one.

        Raises FailedError, LostError, and StoppedError when it was asked to stop.
        """
        self._insist(self._versions.abandon)
        return self._replace(self._versions.begin, returning=False)

    def roll_back(self) -> ReindexReport:
        """Puts the index that was replaced last back in its place, with what changed since. Raises as `run`.

        RefusedError when none was kept.
        """
        self._insist(self._versions.abandon)
        kept = self._insist(self._versions.kept)
        current = self._insist(self._versions.current)
        if not kept or current is None:
            raise RefusedError(
                "no replaced index was kept: make one with `make reindex` of the version to go back to"
            )
        return self._replace(lambda: self._reopen(kept[-1]), returning=True)

    def _replace(self, begin: Callable[[], str], *, returning: bool) -> ReindexReport:
        started_s = time.monotonic()
        done = False
        try:
            with replaying(self._log) as replay:
                new = self._insist(begin)
                # Not before: a processor that starts makes one where there is none.
                old = self._insist(self._versions.current)
                self._report.index, self._report.replaced = new, old
                self._step(Step.BEGUN)
                if returning:
                    self._insist(replay.skip_to_end)
                self._fill(replay)
                self._step(Step.FILLED)
                self._take_over(replay, old, new, returning=returning)
                done = True
                self._step(Step.SWAPPED)
                self._report.records, self._report.unreadable = replay.records, replay.unreadable
                self._report.only_replayed = len(self._only_replayed)
        finally:
            # Not where another took over: what is there now is its.
            if not done and self._claim.is_held():
                reached(self._versions.abandon)
        self._report.documents = self._insist(lambda: self._versions.count(new))
        self._report.seconds = time.monotonic() - started_s
        return self._report

    def _take_over(self, replay: Replay, old: str | None, new: str, *, returning: bool) -> None:
        suspects = self._suspects(replay, old, new, returning=returning)
        self._insist(lambda: self._versions.prepare(old, new))
        self._step(Step.COMPARED)
        blocked_s = time.monotonic()
        if old is not None:
            self._insist(lambda: self._versions.block(old))
        self._step(Step.BLOCKED)
        self._drain(replay)
        if old is not None:
            self._settle(old, new, suspects | (self._since_compared or set()), returning=returning)
        self._step(Step.SETTLED)
        self._insist_once(lambda: self._versions.swap(old, new))
        self._report.blocked_s = time.monotonic() - blocked_s

    def _fill(self, replay: Replay) -> None:
        """Until the end of the topic is near."""
        while True:
            changes = self._apply(replay.batch)
            if len(changes) < AT_ONCE // 2 and self._insist(replay.left) <= _NEARLY:
                return

    def _drain(self, replay: Replay) -> None:
        """Until the end of the topic, as it is now."""
        ends = self._insist(replay.ends)
        while not self._insist(lambda: replay.has_reached(ends)):
            self._apply(replay.batch)

    def _apply(self, batch: Callable[[], Changes]) -> Changes:
        changes = self._insist(batch)
        self._report.rejected.update(self._insist(lambda: self._versions.put(changes)))
        if self._since_compared is not None:
            self._since_compared |= changes.keys()
        if time.monotonic() - self._told_s >= _TELL_EVERY_S:
            self._told_s = time.monotonic()
            logs.info("reindexing", index=self._report.index)
        return changes

    def _suspects(self, replay: Replay, old: str | None, new: str, *, returning: bool) -> set[str]:
        """Ids whose documents may differ once all that is on the topic now was replayed; few, if that is possible."""
        self._since_compared = set()
        if old is None:
            return set()
        # Everything up to here is in the new index; what the old one gets from now on is still to come.
        found = self._insist(lambda: list(differing(self._versions.scan(old), self._versions.scan(new))))
        suspects = self._in_doubt(found, returning=returning)
        for _ in range(_ROUNDS):
            self._drain(replay)
            suspects |= self._since_compared
            self._since_compared.clear()
            if len(suspects) <= _NEARLY:
                break
            before = len(suspects)
            suspects = self._in_doubt(self._still_differing(old, new, suspects), returning=returning)
            if len(suspects) > before // 2:
                break
        return suspects

    def _in_doubt(self, found: Iterable[Difference], *, returning: bool) -> set[str]:
        """Without those that only the new index has: they stay, whatever comes. What the old one gets of them is on
        the topic before, so it was replayed, or is among what changed since."""
        suspects = set[str]()
        for video_id, only_in_new in found:
            (self._only_replayed if only_in_new and not returning else suspects).add(video_id)
        return suspects

    def _still_differing(self, old: str, new: str, video_ids: Set[str]) -> Iterator[Difference]:
        for chunk in _chunks(video_ids):
            self._only_replayed.difference_update(chunk)
            there, here = self._documents(old, chunk), self._documents(new, chunk)
            for each in chunk:
                if not are_same(there.get(each), here.get(each)):
                    yield Difference(each, each not in there)

    def _settle(self, old: str, new: str, video_ids: Set[str], *, returning: bool) -> None:
        for chunk in _chunks(video_ids):
            there, here = self._documents(old, chunk), self._documents(new, chunk)
            changes = corrections(there, here, returning=returning)
            self._report.corrected += len(changes)
            self._only_replayed.difference_update(chunk)
            self._only_replayed |= here.keys() - there.keys() - changes.keys()
            refused = self._insist(partial(self._versions.put, changes))
            if refused:
                video_id, reason = next(iter(refused.items()))
                raise FailedError(
                    f"{new} does not take {len(refused)} documents that {old} has, as {video_id}: {reason}. "
                    f"{old} stays in place"
                )

    def _documents(self, name: str, video_ids: list[str]) -> dict[str, Source]:
        return self._insist(lambda: self._versions.documents(name, video_ids))

    def _reopen(self, name: str) -> str:
        self._versions.reopen(name)
        return name

    def _insist(self, call: Callable[[], T]) -> T:
        """Tries until log and index answer, as long as the work is owned here."""
        for attempt in self._patience.attempts():
            try:
                return self._insist_once(call)
            except LogAccessError:
                raise
            except (IndexUnavailableError, LogUnavailableError) as error:
                logs.warning("waiting", attempt=attempt, reason=error)
        raise AssertionError("attempts never end by themselves")

    def _insist_once(self, call: Callable[[], T]) -> T:
        if not self._claim.is_held():
            raise LostError(
                "the log does not answer, or another operation took over: the index stays as it was. Run it again"
            )
        return reached(call)

    def _step(self, step: Step) -> None:
        logs.info("reindex", step=step, index=self._report.index)
        self._on_step(step)


def _chunks(video_ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(video_ids))
    while chunk := list(islice(rest, 1_000)):
        yield chunk
