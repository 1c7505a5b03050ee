"""The main job on real videos, as `make demo` runs it: each that fits is found once, whatever is killed meanwhile.

What is expected is counted from the catalogue's file, by `tests.pipeline.catalogue`. Channels are not followed here:
what their uploads bring beyond the search's results is decided by the product itself.
"""

import itertools
import os
import random
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from stack.process import wait_until
from tests.command_line import CommandLine
from tests.pipeline.catalogue import Listed, fitting, read_catalogue, real_catalogue

pytestmark = pytest.mark.pipeline

FOLLOWED = ("france", "football -psg", '"bande annonce"', "humour|comédie", "la|le")
FOLLOWED_LATER = ("musique", "paris", "noël", "recette|cuisine", "film", "clip officiel", "jeu", "live", "teaser")
WITHIN_S = 120.0
ALONE = {"FOLLOW_CHANNELS": "0"}

QUESTIONS: tuple[dict[str, str], ...] = (
    {"q": "france"},
    {"q": "équipe"},
    {"q": "EQUIPE de france"},
    {"q": '"bande annonce"'},
    {"q": "bande -annonce"},
    {"q": "film -clip"},
    {"q": "foot"},
    {"q": "noel"},
    {"q": "vlogs"},
    {"q": "officiel", "published_after": "2017-11-20"},
    {"q": "la", "published_after": "2017-11-15T12:00:00Z", "published_before": "2017-11-18T23:30:00+01:00"},
    {"q": "nothing that anyone would say", "sort": "newest"},
    {"published_before": "2017-11-14"},
    {"published_after": "2017-11-20T10:30:00Z", "published_before": "2017-11-20T18:00:00Z"},
)


@pytest.fixture(params=["embedded", pytest.param("native", marks=[pytest.mark.kafka, pytest.mark.elasticsearch])])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CommandLine]:
    """A demo of the real videos, not started yet."""
    if request.param == "native":
        request.getfixturevalue("kafka_home")
        request.getfixturevalue("elasticsearch_home")
    line = CommandLine(
        tmp_path, {"STACK": request.param, "CATALOGUE": str(real_catalogue()), "POLL_INTERVAL": "2"} | ALONE
    )
    yield line
    line.close()


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Listed]:
    return read_catalogue(real_catalogue())


@pytest.mark.timeout(600)
def test_every_video_that_fits_is_found_once_whatever_is_killed(
    demo: CommandLine, catalogue: dict[str, Listed]
) -> None:
    expected = fitting(catalogue.values(), FOLLOWED)
    demo.environment["SUBJECTS"] = ";".join(FOLLOWED)

    demo.succeed("demo")

    wait_for_count(demo, len(expected))
    assert_holds_exactly(demo, expected)
    assert_feed_holds(demo, set(expected))

    followed = list(FOLLOWED)
    for name, query in zip(sorted(demo.parts()), FOLLOWED_LATER, strict=False):
        kill_while_it_is_followed(demo, name, query)
        followed.append(query)
    demo.succeed("demo")

    expected = fitting(catalogue.values(), followed)
    wait_for_count(demo, len(expected))
    assert_holds_exactly(demo, expected)
    wait_for_details(demo)
    assert_has_whole_texts(demo, expected)
    assert_answers_as_counted(demo, expected)


def kill_while_it_is_followed(demo: CommandLine, part: str, query: str) -> None:
    """Follows one more subject and kills the part at some moment while its videos are on their way."""
    assert wait_until(demo.is_ready, WITHIN_S)
    demo.post("/subjects", {"query": query, "since": "2010-01-01"})
    pid = demo.pid(part)
    wait_until(lambda: False, random.uniform(0.2, 1.5))
    os.kill(pid, signal.SIGKILL)
    if part != "supervisor":
        assert wait_until(lambda: demo.parts().get(part) not in (pid, None), WITHIN_S), f"{part} did not come back"


def wait_for_count(demo: CommandLine, count: int) -> None:
    def found() -> int:
        try:
            return int(demo.get("/get", limit=1)["total"]["value"])
        except OSError:
            return -1

    assert wait_until(lambda: found() >= count, WITHIN_S), f"{found()} videos are found, and {count} should be"


def wait_for_details(demo: CommandLine) -> None:
    """New videos are looked up within a minute."""

    def all_looked_up() -> bool:
        return all(item["details"] is not None for item in each_item(demo, "/get", {}))

    assert wait_until(all_looked_up, WITHIN_S), demo.get("/status")


def assert_holds_exactly(demo: CommandLine, expected: dict[str, Listed]) -> None:
    """Every expected video once, newest first; and no other."""
    items = all_items(demo, "/get", {})

    assert [item["video_id"] for item in items if item["video_id"] not in expected] == []
    assert len(items) == len({item["video_id"] for item in items}) == len(expected)
    assert [item["published_at"] for item in items] == sorted((item["published_at"] for item in items), reverse=True)
    for item in items:
        video = expected[item["video_id"]]
        assert item["title"] == video.title
        assert item["channel_title"] == video.channel
        assert datetime.fromisoformat(item["published_at"]) == video.published_at
        assert item["url"] == f"https://www.youtube.com/watch?v={video.id}"


def assert_has_whole_texts(demo: CommandLine, expected: dict[str, Listed]) -> None:
    """A search gives the beginning of a description, and a lookup all of it."""
    for item in all_items(demo, "/get", {}):
        assert item["description"] == expected[item["video_id"]].description


def assert_answers_as_counted(demo: CommandLine, expected: dict[str, Listed]) -> None:
    for question in QUESTIONS:
        wanted = {video.id for video in expected.values() if answers(video, question)}
        found = all_items(demo, "/search", question)
        assert {item["video_id"] for item in found} == wanted, question
        assert len(found) == len(wanted), question
        if "q" not in question:
            assert {item["video_id"] for item in all_items(demo, "/get", question)} == wanted, question


def answers(video: Listed, question: dict[str, str]) -> bool:
    after = question.get("published_after", "2000-01-01")
    before = question.get("published_before", "2100-01-01")
    last = before if "T" in before else f"{before}T23:59:59"
    return moment(after) <= video.published_at <= moment(last) and video.is_found_by(question.get("q", ""))


def moment(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else datetime.fromisoformat(f"{text}{'T00:00:00' * ('T' not in text)}+00:00")


def all_items(demo: CommandLine, path: str, question: dict[str, str]) -> list[dict[str, Any]]:
    return list(each_item(demo, path, question))


def each_item(demo: CommandLine, path: str, question: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The results page by page, asked for as far as they are wanted."""
    count = 0
    for page in itertools.count(1):
        answer = demo.get(path, **question, limit=50, page=page)
        yield from answer["items"]
        count += len(answer["items"])
        if count >= answer["total"]["value"] or not answer["items"]:
            assert count == answer["total"]["value"]
            return


def assert_feed_holds(demo: CommandLine, expected: set[str]) -> None:
    """`make raw` shows every expected video at least once, as a line of key, tab and YouTube's own JSON."""
    process = demo.start("raw")
    assert process.stdout is not None
    missing = set(expected)
    for line in process.stdout:
        key, tab, value = line.partition("\t")
        if tab:
            assert f'"videoId":"{key}"' in value.replace(" ", "")
            missing.discard(key)
        if not missing:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=WITHIN_S)
    assert not missing
