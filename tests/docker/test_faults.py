"""The stack under way while its parts are scaled, killed, paused and cut off: no video is lost, none comes twice.

What is to be found is what the emulator's catalogue holds. The tests follow each other on one stack, as a day would.
"""

import json
import time

import pytest

from stack.process import wait_until
from tests.docker.composed import Composed

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

BACK_S = 240.0
MISSED_S = 5.0
"""How long a killed service is away: the others ask for it again and again meanwhile."""

LONGER_THAN_SESSIONS_S = 15.0
"""Kafka ends the session of a worker that was silent for ten seconds; the pause is to outlast that."""

MEMBERS = (
    "exec",
    "--no-TTY",
    "kafka",
    "/opt/kafka/bin/kafka-consumer-groups.sh",
    "--bootstrap-server",
    "localhost:9092",
)

Catalogue = dict[str, dict[str, object]]


def test_videos_flow_to_searches(stack: Composed) -> None:
    assert wait_until(lambda: stack.count() > 0, BACK_S), stack.compose("logs", "--tail", "20", "processor")

    page = stack.get("/search", q='"its whistle"', limit=5)

    assert page["items"][0]["title"].endswith("& its whistle")


def test_nothing_is_published_beyond_loopback_and_nobody_is_root(stack: Composed) -> None:
    running = [stack.state(each) for each in stack.compose("ps", "--quiet").split()]

    published = [
        binding["HostIp"]
        for each in running
        for bindings in each["NetworkSettings"]["Ports"].values()
        for binding in bindings or []
    ]
    assert set(published) == {"127.0.0.1"}
    for each in running:
        assert stack.docker("exec", each["Id"], "id", "-u").strip() != "0", each["Name"]


def test_processors_and_apis_are_scaled_while_data_flow(stack: Composed, catalogue: Catalogue) -> None:
    stack.up(processor=3, query_api=3)

    assert len(stack.containers("processor")) == len(stack.containers("query_api")) == 3
    assert wait_until(lambda: len(workers(stack)) == 3, BACK_S), workers(stack)
    assert wait_until(lambda: replicas_that_answer(stack) == 3, BACK_S)
    assert_flows(stack, catalogue)


@pytest.mark.parametrize("service", ["kafka", "elasticsearch", "processor", "producer", "query_api"])
def test_a_service_that_is_killed_is_missed_by_nobody_once_it_is_back(
    stack: Composed, catalogue: Catalogue, service: str
) -> None:
    killed = stack.containers(service)[0]

    stack.docker("kill", killed)
    if service == "query_api":
        # The others answer: a reader is asked to try again at most.
        assert all(stack.count() >= 0 for _ in range(10))
    else:
        time.sleep(MISSED_S)
    stack.docker("start", killed)

    assert wait_until(lambda: stack.is_well(killed), BACK_S)
    assert_flows(stack, catalogue)


def test_a_process_that_dies_is_started_again(stack: Composed, catalogue: Catalogue) -> None:
    crashed = stack.containers("processor")[1]
    before = stack.state(crashed)["RestartCount"]

    # All that this user may end, and so not the init process, which ends with its child.
    stack.compose(
        "exec", "--no-TTY", "--index", str(number_of(stack, crashed)), "processor", "sh", "-c", "kill -9 -1 || :"
    )

    assert wait_until(lambda: stack.state(crashed)["RestartCount"] > before, BACK_S)
    assert wait_until(lambda: stack.is_well(crashed), BACK_S)
    assert_flows(stack, catalogue)


def test_an_index_that_hangs_is_waited_for(stack: Composed, catalogue: Catalogue) -> None:
    [hanging] = stack.containers("elasticsearch")

    stack.docker("pause", hanging)
    time.sleep(LONGER_THAN_SESSIONS_S)
    stack.docker("unpause", hanging)

    assert_flows(stack, catalogue)


def test_a_processor_that_is_cut_off_hands_its_work_over_and_takes_part_again(
    stack: Composed, catalogue: Catalogue
) -> None:
    cut_off, network = stack.containers("processor")[2], f"{stack.name}_default"

    stack.docker("network", "disconnect", network, cut_off)
    assert wait_until(lambda: len(workers(stack)) == 2, BACK_S), workers(stack)
    assert_flows(stack, catalogue)
    stack.docker("network", "connect", network, cut_off)

    assert wait_until(lambda: len(workers(stack)) == 3, BACK_S), workers(stack)


def test_every_video_is_found_once_in_the_end(stack: Composed, catalogue: Catalogue) -> None:
    assert wait_until(lambda: stack.count() >= len(catalogue), BACK_S * 2), f"{stack.count()} of {len(catalogue)}"

    assert_holds_exactly(stack, catalogue)
    assert_feed_holds(stack, catalogue)
    assert wait_until(lambda: dead_letters(stack) == 0, BACK_S), f"{dead_letters(stack)} dead letters"


def test_everything_is_there_after_down_and_up(stack: Composed, catalogue: Catalogue) -> None:
    subjects = stack.get("/subjects")

    stack.compose("down")
    stack.up()

    assert_holds_exactly(stack, catalogue)
    assert stack.get("/subjects") == subjects
    assert_feed_holds(stack, catalogue)


def assert_flows(stack: Composed, catalogue: Catalogue) -> None:
    """New videos are found, unless all are."""
    before = stack.count()
    assert wait_until(lambda: stack.count() > max(before, 0) or stack.count() == len(catalogue), BACK_S), (
        stack.compose("logs", "--no-color", "--tail", "20", "producer", "processor")
    )


def assert_holds_exactly(stack: Composed, catalogue: Catalogue) -> None:
    """Each video of the catalogue once, with its text; and no other."""
    items = stack.lines("/export", format="ndjson")

    assert len(items) == len({item["video_id"] for item in items})
    assert {item["video_id"] for item in items} == set(catalogue)
    for item in items:
        video = catalogue[item["video_id"]]
        assert (item["title"], item["channel_title"]) == (video["title"], video["channelTitle"])


def workers(stack: Composed) -> set[str]:
    """The members of the processors' group that have work, as Kafka tells."""
    said = stack.compose(*MEMBERS, "--describe", "--members", "--group", "processor")
    rows = [line.split() for line in said.splitlines() if line.startswith("processor ")]
    return {row[1] for row in rows if int(row[-1]) > 0}


def replicas_that_answer(stack: Composed) -> int:
    """How many replicas had one of some requests, by their own logs."""
    asked = {stack.header("/get", "x-request-id", limit=1) for _ in range(12)}
    lines = [line for line in stack.compose("logs", "--no-color", "query_api").splitlines() if " request=" in line]
    return len({line.split("|")[0].strip() for line in lines if line.rpartition("request=")[2] in asked})


def assert_feed_holds(stack: Composed, catalogue: Catalogue) -> None:
    """Every video at least once, as a line of headers, key and YouTube's own JSON."""
    shown = [word for each in ("print.key=true", "print.headers=true") for word in ("--formatter-property", each)]
    source = ["--bootstrap-server", "localhost:9092", "--topic", "youtube.search.raw", "--from-beginning"]
    # Polls repeat themselves, so the feed never ends: it is read until all were seen, or for so long.
    consumer = ["timeout", str(int(BACK_S)), "/opt/kafka/bin/kafka-console-consumer.sh", *source, *shown]
    missing = set(catalogue)
    for line in stack.lines_of("exec", "--no-TTY", "kafka", *consumer):
        if not line.startswith("ce_"):
            continue  # what the consumer says itself
        headers, key, value = line.split("\t")
        assert "ce_type:" in headers
        assert json.loads(value)["id"]["videoId"] == key
        missing.discard(key)
        if not missing:
            return
    assert missing == set()


def dead_letters(stack: Composed) -> int | None:
    """None while the API does not know."""
    values = [line.split()[1] for line in stack.text("/metrics") if line.startswith("topicreel_dead_letters ")]
    return int(float(values[0])) if values else None


def number_of(stack: Composed, container: str) -> int:
    return int(stack.state(container)["Config"]["Labels"]["com.docker.compose.container-number"])
