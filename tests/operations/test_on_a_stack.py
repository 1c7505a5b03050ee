"""Operations as a user types them, on a demo of videos that are known: nothing is lost, and nothing doubled."""

import itertools
import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.process import wait_until
from tests.command_line import CommandLine

pytestmark = pytest.mark.pipeline

WITHIN_S = 300.0
EACH = 70
SUBJECTS = ("tea", "chess", "birds", "trains", "bread", "maps", "clocks")


@pytest.fixture(params=["embedded", pytest.param("native", marks=[pytest.mark.kafka, pytest.mark.elasticsearch])])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CommandLine]:
    if request.param == "native":
        request.getfixturevalue("kafka_home")
        request.getfixturevalue("elasticsearch_home")
    catalogue = tmp_path / "videos.jsonl"
    catalogue.write_text("".join(f"{json.dumps(video)}\n" for video in videos()))
    settings = {"STACK": request.param, "CATALOGUE": str(catalogue), "POLL_INTERVAL": "2", "SUBJECTS": SUBJECTS[0]}
    line = CommandLine(tmp_path / "here", settings | {"FOLLOW_CHANNELS": "0", "SUBJECTS_SINCE": "2020-01-01"})
    yield line
    line.close()


def videos() -> Iterator[dict[str, str]]:
    for number, (subject, each) in enumerate(itertools.product(SUBJECTS, range(EACH))):
        published = f"2024-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z"
        yield {"videoId": f"{subject}-{each}", "publishedAt": published, "title": f"All about {subject}, part {each}"}


def follow(demo: CommandLine, subject: str) -> None:
    demo.post("/subjects", {"query": subject, "since": "2020-01-01"})


def ids(demo: CommandLine) -> list[str]:
    found: list[str] = []
    for page in itertools.count(1):
        answer = demo.get("/get", limit=50, page=page)
        found += [item["video_id"] for item in answer["items"]]
        if not answer["items"]:
            return found
    raise AssertionError


def await_exactly(demo: CommandLine, *subjects: str) -> None:
    """All videos of these subjects, each once."""

    def count() -> int:
        try:
            return int(demo.get("/get", limit=1)["total"]["value"])
        except OSError:
            return -1

    wanted = {f"{subject}-{each}" for subject in subjects for each in range(EACH)}
    assert wait_until(lambda: count() >= len(wanted), WITHIN_S), f"{count()} of {len(wanted)} videos are found"
    found = ids(demo)
    assert (len(found), set(found)) == (len(wanted), wanted)


def restart(demo: CommandLine, part: str) -> None:
    """As an upgrade does: asked to end, and started again, here by the supervisor."""
    pid = demo.pid(part)
    os.kill(pid, signal.SIGTERM)
    assert wait_until(lambda: demo.parts().get(part) not in (pid, None), WITHIN_S), f"{part} did not come back"


@pytest.mark.timeout(1500)
def test_one_part_after_the_other_is_restarted_while_videos_come_in(demo: CommandLine) -> None:
    demo.succeed("demo")
    native = demo.environment["STACK"] == "native"
    parts = ("processor", "query_api", "producer", "kafka", "elasticsearch") if native else ("embedded",)

    followed = [SUBJECTS[0]]
    for part, subject in zip(parts, SUBJECTS[1:], strict=False):
        assert wait_until(demo.is_ready, WITHIN_S)
        follow(demo, subject)
        followed.append(subject)
        restart(demo, part)

    await_exactly(demo, *followed)
    assert wait_until(lambda: demo.run("verify").code == 0, WITHIN_S), demo.run("verify").complained


@pytest.mark.timeout(1500)
def test_what_was_lost_is_brought_back_and_goes_on(demo: CommandLine) -> None:
    demo.succeed("demo")
    follow(demo, SUBJECTS[1])
    await_exactly(demo, *SUBJECTS[:2])
    spent = searches_left(demo)
    file = demo.succeed("backup").split()[1].rstrip(":")
    # After the backup: lost with the disk.
    follow(demo, SUBJECTS[2])
    await_exactly(demo, *SUBJECTS[:3])

    refused = demo.run("restore", file)
    assert (refused.code, "make down" in refused.complained) == (1, True)
    demo.succeed("down")
    assert "--overwrite" in demo.run("restore", file).complained
    secret = (demo.directory.root / "encryption.key").read_bytes()
    shutil.rmtree(demo.directory.root)
    demo.directory.root.mkdir()
    (demo.directory.root / "encryption.key").write_bytes(secret)
    demo.succeed("restore", file, SIMULATED="1")

    demo.succeed("demo")

    await_exactly(demo, *SUBJECTS[:2])
    assert {subject["query"] for subject in demo.get("/subjects")} == set(SUBJECTS[:2])
    assert searches_left(demo) <= spent
    follow(demo, SUBJECTS[2])
    await_exactly(demo, *SUBJECTS[:3])
    assert wait_until(lambda: demo.run("verify").code == 0, WITHIN_S), demo.run("verify").complained


@pytest.mark.timeout(1500)
def test_the_index_is_made_anew(demo: CommandLine) -> None:
    demo.succeed("demo")
    follow(demo, SUBJECTS[1])
    if demo.environment["STACK"] == "embedded":
        await_exactly(demo, *SUBJECTS[:2])
        assert "make down" in demo.run("reindex").complained
        demo.succeed("down")
        shutil.rmtree(demo.directory.root / "index")
        assert f"{2 * EACH} documents" in demo.succeed("reindex")
        demo.succeed("demo")
    else:
        assert "documents" in demo.succeed("reindex")
        assert "youtube-videos-v1-r1" in demo.succeed("reindex", "--roll-back")
        assert "removed youtube-videos-v1-r1" in demo.succeed("reindex", "--remove-old")

    follow(demo, SUBJECTS[2])

    await_exactly(demo, *SUBJECTS[:3])


def searches_left(demo: CommandLine) -> int:
    # What was restored is found before the producer has told anything.
    assert wait_until(lambda: bool(demo.get("/status")["projects"]), WITHIN_S)
    return int(demo.get("/status")["projects"][0]["searches_left"])
