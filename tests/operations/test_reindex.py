"""The index is made anew on real engines while the processor runs, and whatever is killed loses nothing."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from threading import Event, Thread

import pytest
from elasticsearch import Elasticsearch

from event_log import NewRecord
from operations.errors import FailedError, RefusedError
from operations.reindex import Step
from schemas import VIDEOS
from schemas.index import ALIAS, INDEX, MAPPING
from stack.process import wait_until
from tests.operations.conftest import Pipeline
from tests.video_index.contract import NOON, a_video
from video_index import Write
from video_index.elasticsearch_versions import IndexVersions, Source

pytestmark = [pytest.mark.kafka, pytest.mark.elasticsearch, pytest.mark.timeout(900)]


def assert_whole(pipeline: Pipeline) -> None:
    """Everything that was fed is found, once, as it stands on the log; nothing was given up."""
    pipeline.await_processed()
    assert pipeline.in_index() == pipeline.on_log()
    assert pipeline.in_index().keys() == {f"v{number}" for number in range(pipeline.fed)}
    assert pipeline.dead_letters() == 0


def test_while_videos_come_in_none_is_lost_and_searches_see_all_of_them(pipeline: Pipeline) -> None:
    pipeline.start_worker()
    pipeline.feed(3_000)
    assert wait_until(lambda: pipeline.versions.current() is not None, 60)
    enough = Event()

    def go_on() -> None:
        while not enough.wait(0.1):
            pipeline.feed(20)

    feeding = Thread(target=go_on)
    feeding.start()
    try:
        first = pipeline.reindex()
        second = pipeline.reindex()
    finally:
        enough.set()
        feeding.join()

    assert (first.replaced, first.index, second.index) == (INDEX, f"{INDEX}-r1", f"{INDEX}-r2")
    assert pipeline.versions.current() == second.index
    assert pipeline.versions.kept() == [INDEX, f"{INDEX}-r1"]
    assert_whole(pipeline)


def test_killed_behind_any_step_it_leaves_a_pipeline_that_works_and_the_next_run_finishes(
    pipeline: Pipeline,
) -> None:
    pipeline.start_worker()
    pipeline.feed(500)
    pipeline.await_processed()

    for step in Step:
        command = [sys.executable, "-m", "tests.operations.killed_reindex"]
        killed = subprocess.run(
            [*command, pipeline.broker.bootstrap_servers, pipeline.node.url, step],
            env=pipeline.environment,
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert killed.returncode == -9, killed.stderr.decode()

        pipeline.feed(100)
        assert_whole(pipeline)

    assert pipeline.reindex().documents == pipeline.fed
    assert pipeline.versions.filling() is None
    assert not pipeline.versions.is_blocked()
    pipeline.feed(100)
    assert_whole(pipeline)


def test_an_index_that_somebody_removed_is_there_again(pipeline: Pipeline) -> None:
    pipeline.start_worker()
    pipeline.feed(3_000)
    assert_whole(pipeline)
    with Elasticsearch(pipeline.node.url) as client:
        client.indices.delete(index=INDEX)
    pipeline.feed(100)

    report = pipeline.reindex()

    assert (report.replaced, report.documents) == (None, 3_000)
    assert_whole(pipeline)


def test_an_index_that_was_lost_and_made_anew_empty_has_everything_again(pipeline: Pipeline) -> None:
    pipeline.start_worker()
    pipeline.feed(1_000)
    pipeline.await_processed()
    pipeline.stop_worker()
    with Elasticsearch(pipeline.node.url) as client:
        client.indices.delete(index=INDEX)
    pipeline.start_worker()
    pipeline.feed(10)
    pipeline.await_processed()
    assert len(pipeline.in_index()) == 10
    assert "index_is_empty" in (pipeline.directory / "worker.log").read_text()

    report = pipeline.reindex()

    assert report.only_replayed == 1_000
    assert_whole(pipeline)


def test_a_block_that_an_operator_set_stays_and_writes_wait_for_its_end(pipeline: Pipeline) -> None:
    pipeline.start_worker()
    pipeline.feed(50)
    pipeline.await_processed()
    with Elasticsearch(pipeline.node.url) as client:
        client.indices.put_settings(index=INDEX, settings={"index.blocks.write": True})
        pipeline.feed(50)
        tried = pipeline.directory / "worker.log"
        assert wait_until(lambda: tried.read_text().count("batch_held") >= 4, 60)

        assert pipeline.versions.has_block(INDEX)
        assert "index_unblocked" not in tried.read_text()

        client.indices.put_settings(index=INDEX, settings={"index.blocks.write": None})
    assert_whole(pipeline)


class TestWithoutWorker:
    """What the log and the index differ in; nothing is under way."""

    @pytest.fixture
    def filled(self, pipeline: Pipeline) -> Pipeline:
        pipeline.index.ensure()
        self.publish(pipeline, *(a_video(f"v{number}") for number in range(20)))
        pipeline.index.write([Write(a_video(f"v{number}"), None) for number in range(20)])
        return pipeline

    def publish(self, pipeline: Pipeline, *videos) -> None:
        pipeline.log.append([NewRecord(VIDEOS.name, video.video_id, video.to_json()) for video in videos])

    def test_a_change_of_the_mapping(self, filled: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
        mapping = {**MAPPING, "properties": {**MAPPING["properties"], "channel_title": {"type": "wildcard"}}}
        mapping["properties"]["channel_title"] = {"type": "keyword", "ignore_above": 100}
        monkeypatch.setattr("schemas.index.MAPPING", mapping)
        for name, value in (("VERSION", 2), ("INDEX", f"{ALIAS}-v2")):
            monkeypatch.setattr(f"schemas.index.{name}", value)
        monkeypatch.setattr("video_index.elasticsearch_versions.VERSION", 2)

        report = filled.reindex()

        assert (report.replaced, report.index, report.documents) == (INDEX, f"{ALIAS}-v2-r1", 20)
        with Elasticsearch(filled.node.url) as client:
            changed = client.indices.get_mapping(index=ALIAS)[f"{ALIAS}-v2-r1"]["mappings"]["properties"]
            client.indices.delete_index_template(name=ALIAS)
        assert changed["channel_title"] == {"type": "keyword", "ignore_above": 100}

        assert filled.reindex(roll_back=True).index == INDEX

        assert filled.versions.current() == INDEX

    def test_rolled_back_it_has_what_changed_meanwhile(self, filled: Pipeline) -> None:
        filled.reindex()
        known = filled.index.get(["v0", "v1"])
        changed = a_video("v0", "Changed", updated_at=NOON + timedelta(hours=1))
        filled.index.write([Write(changed, known[0].version), Write(a_video("new"), None)])
        filled.index.write([])

        filled.reindex(roll_back=True)

        assert filled.versions.current() == INDEX
        found = filled.in_index()
        assert found["v0"]["title"] == "Changed"
        assert len(found) == 21
        assert filled.index.write([Write(a_video("newer"), None)])[0].outcome == "written"

    def test_without_a_replaced_index_there_is_nothing_to_roll_back_to(self, filled: Pipeline) -> None:
        with pytest.raises(RefusedError):
            filled.reindex(roll_back=True)

        assert not filled.versions.is_blocked()

    def test_the_replaced_ones_are_kept_until_they_are_removed(self, filled: Pipeline) -> None:
        filled.reindex()

        assert filled.versions.kept() == [INDEX]
        assert filled.versions.remove_kept() == [INDEX]
        assert filled.versions.kept() == []
        assert len(filled.in_index()) == 20

    def test_what_the_log_lacks_or_tells_wrong_is_taken_from_the_index(self, filled: Pipeline) -> None:
        filled.index.write([Write(a_video("only-here"), None)])
        self.publish(filled, a_video("v3", "A change that was never made", updated_at=NOON - timedelta(hours=1)))
        self.publish(filled, a_video("only-there"))

        report = filled.reindex()

        found = filled.in_index()
        assert found["v3"]["title"] == "A title"
        assert {"only-here", "only-there"} <= found.keys()
        assert (report.corrected, report.only_replayed) == (2, 1)

    def test_an_operator_s_block_is_not_taken_away_by_a_reindex_that_is_given_up(self, filled: Pipeline) -> None:
        with Elasticsearch(filled.node.url) as client:
            client.indices.put_settings(index=INDEX, settings={"index.blocks.write": True})
        filled.versions.begin()
        filled.versions.block(INDEX)

        filled.versions.abandon()

        assert filled.versions.has_block(INDEX)
        assert not filled.versions.is_blocked()

    def test_the_block_of_a_reindex_is_taken_away_and_nothing_of_it_is_left(self, filled: Pipeline) -> None:
        filled.versions.begin()
        filled.versions.block(INDEX)
        assert filled.versions.is_blocked()

        filled.versions.abandon()

        assert not filled.versions.has_block(INDEX)
        with Elasticsearch(filled.node.url) as client:
            client.indices.put_settings(index=INDEX, settings={"index.blocks.write": True})
        assert not filled.versions.is_blocked()

    def test_what_only_the_log_has_is_not_looked_at_while_writes_wait(
        self, filled: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.publish(filled, *(a_video(f"w{number}") for number in range(1_500)))
        looked_at: list[str] = []
        documents = IndexVersions.documents

        def noted(versions: IndexVersions, name: str, video_ids: Sequence[str]) -> dict[str, Source]:
            looked_at.extend(video_ids)
            return documents(versions, name, video_ids)

        monkeypatch.setattr(IndexVersions, "documents", noted)

        report = filled.reindex()

        assert (report.documents, report.only_replayed) == (1_520, 1_500)
        assert looked_at == []

    def test_where_the_index_was_lost_the_one_replaced_before_is_kept(self, filled: Pipeline) -> None:
        lost = filled.reindex().index
        with Elasticsearch(filled.node.url) as client:
            client.indices.delete(index=lost)

        run = subprocess.run(
            [sys.executable, "-m", "operations", "reindex"],
            env=filled.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

        assert run.returncode == 0, run.stderr
        assert filled.versions.kept() == [INDEX]
        assert len(filled.in_index()) == 20

    def test_a_document_that_the_new_index_refuses_ends_it_and_the_old_one_goes_on(
        self, filled: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mapping = {**MAPPING, "properties": {k: v for k, v in MAPPING["properties"].items() if k != "channel_id"}}
        monkeypatch.setattr("schemas.index.MAPPING", mapping)

        with pytest.raises(FailedError, match="v0: strict_dynamic_mapping_exception"):
            filled.reindex()

        assert filled.versions.current() == INDEX
        assert filled.versions.filling() is None
        assert filled.index.write([Write(a_video("newer"), None)])[0].outcome == "written"
