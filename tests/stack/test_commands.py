"""What the commands promise to whoever types them, on the embedded stack."""

import os
import shlex
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from event_log import NewRecord, open_log
from schemas import RAW
from schemas.settings import CommonSettings
from stack.process import wait_until
from tests.command_line import CommandLine
from tests.stack.conftest import alive

WITHIN_S = 30.0


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[CommandLine]:
    line = CommandLine(tmp_path, {"STACK": "embedded"})
    yield line
    line.close()


def test_up_returns_when_the_service_answers_and_says_what_can_be_done_now(embedded: CommandLine) -> None:
    said = embedded.succeed("up")

    assert embedded.get("/readyz")["status"] == "ready"
    assert f"The API answers at {embedded.url}" in said
    assert "No YOUTUBE_API_KEYS are set" in said
    assert "No SUBJECTS are set" in said
    assert "raw feed" in said


def test_up_twice_says_so_and_changes_nothing(embedded: CommandLine) -> None:
    embedded.succeed("up")
    before = embedded.parts()

    said = embedded.succeed("up")

    assert "already running: nothing was changed" in said
    assert embedded.parts() == before


def test_up_twice_names_the_address_that_the_running_stack_has(embedded: CommandLine) -> None:
    embedded.succeed("up")

    said = embedded.succeed("up", API_PORT="9")

    assert f"The API answers at {embedded.url}" in said


def test_up_while_another_up_is_at_work_waits_for_it(embedded: CommandLine) -> None:
    commands = [embedded.start("up") for _ in range(4)]
    said = [command.communicate(timeout=WITHIN_S)[0] for command in commands]

    assert [command.returncode for command in commands] == [0] * 4, said
    assert sum("already running: nothing was changed" in each for each in said) == 3
    assert embedded.is_ready()


def test_up_while_the_stack_is_being_stopped_starts_it_again(embedded: CommandLine) -> None:
    embedded.succeed("up")
    down = embedded.start("down")
    assert wait_until(lambda: "embedded" not in embedded.parts(), WITHIN_S)

    embedded.succeed("up")

    assert down.wait(WITHIN_S) == 0
    assert embedded.get("/readyz")["status"] == "ready"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_up_that_is_ended_stops_what_it_started(embedded: CommandLine, number: signal.Signals) -> None:
    process = embedded.start("up")
    assert wait_until(lambda: "embedded" in embedded.parts(), WITHIN_S)

    process.send_signal(number)
    said, _ = process.communicate(timeout=WITHIN_S)

    assert process.returncode == 130
    assert "interrupted: stopping what was started" in said
    assert not embedded.parts()


def test_down_stops_all_and_keeps_the_data(embedded: CommandLine) -> None:
    embedded.succeed("up")
    embedded.post("/subjects", {"query": "tea"})
    pids = embedded.parts().values()

    said = embedded.succeed("down")
    again = embedded.succeed("down")

    assert "its data are kept" in said
    assert not any(alive(pid) for pid in pids)
    assert "no stack is running" in again
    embedded.succeed("up")
    assert [subject["query"] for subject in embedded.get("/subjects")] == ["tea"]


def test_up_works_after_everything_was_killed(embedded: CommandLine) -> None:
    embedded.succeed("up")
    embedded.post("/subjects", {"query": "tea"})
    for pid in (embedded.pid("supervisor"), embedded.pid("embedded")):
        os.kill(pid, signal.SIGKILL)

    embedded.succeed("up")

    assert [subject["query"] for subject in embedded.get("/subjects")] == ["tea"]


def test_up_takes_the_place_of_a_stack_whose_supervisor_was_killed(embedded: CommandLine) -> None:
    embedded.succeed("up")
    orphan = embedded.pid("embedded")
    os.kill(embedded.pid("supervisor"), signal.SIGKILL)

    said = embedded.succeed("up")

    assert "an earlier run left behind" in said
    assert not alive(orphan)
    assert embedded.get("/readyz")["status"] == "ready"


def test_a_part_that_is_killed_is_started_again(embedded: CommandLine) -> None:
    embedded.succeed("up")
    killed = embedded.pid("embedded")

    os.kill(killed, signal.SIGKILL)

    assert wait_until(
        lambda: embedded.parts().get("embedded") not in (killed, None) and embedded.is_ready(), WITHIN_S
    )
    assert "restarted once" in embedded.succeed("status")


def test_a_port_in_use_is_named_with_the_setting_that_moves_it(embedded: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", embedded.port)):
        ended = embedded.run("up")

    assert ended.code == 1
    assert f"port {embedded.port} on 127.0.0.1 is in use" in ended.complained
    assert f"API_PORT={embedded.port + 1}" in ended.complained
    assert not embedded.parts()


@pytest.mark.parametrize("command", ["up", "down", "status"])
def test_a_data_dir_that_is_a_file_is_named_with_the_setting(embedded: CommandLine, command: str) -> None:
    embedded.directory.root.write_text("")

    ended = embedded.run(command)

    assert "Traceback" not in ended.complained
    if command == "up":
        assert ended.code == 1
        assert str(embedded.directory.root) in ended.complained
        assert "DATA_DIR has to be a directory" in ended.complained
    else:
        assert "no stack is running" in ended.said + ended.complained
    embedded.directory.root.unlink()


def test_what_can_be_typed_now_is_quoted_for_the_shell(embedded: CommandLine) -> None:
    embedded.environment["DATA_DIR"] = str(embedded.working_directory / "it's mine")

    said = embedded.succeed("up")

    commands = [line.split("make ")[1] for line in said.splitlines() if "make down" in line]
    assert [shlex.split(command) for command in commands] == [["down", "DATA_DIR=it's mine"]]


def test_what_does_not_tell_where_data_come_from_is_refused(embedded: CommandLine) -> None:
    embedded.directory.root.mkdir()
    embedded.directory.origin.write_bytes(b"\xff\xfe{}")

    ended = embedded.run("up")

    assert ended.code == 1
    assert "origin.json cannot be read" in ended.complained
    assert "Traceback" not in ended.complained
    embedded.directory.origin.unlink()


def test_two_stacks_run_side_by_side(embedded: CommandLine, tmp_path: Path) -> None:
    other = CommandLine(tmp_path / "other", {"STACK": "embedded"})
    try:
        embedded.succeed("up")
        other.succeed("up")
        embedded.post("/subjects", {"query": "tea"})

        assert other.get("/subjects") == []
        other.succeed("down")
        assert embedded.get("/readyz")["status"] == "ready"
    finally:
        other.close()


def test_in_the_foreground_ctrl_c_ends_all_of_it(embedded: CommandLine) -> None:
    process = embedded.start("up", "--foreground")
    assert wait_until(embedded.is_ready, WITHIN_S)
    pids = embedded.parts().values()

    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=WITHIN_S)

    assert process.returncode == 0, said
    assert "every part has ended" in said
    assert "Traceback" not in said
    assert not any(alive(pid) for pid in pids)


def test_status_tells_the_parts_and_where_they_are(embedded: CommandLine) -> None:
    nothing = embedded.run("status")
    embedded.succeed("up")

    said = embedded.succeed("status")

    assert nothing.code == 3
    assert "no stack is running" in nothing.complained
    assert f"api at {embedded.url}" in said
    assert "ready" in said
    assert str(embedded.pid("embedded")) in said


def test_logs_shows_what_the_parts_wrote(embedded: CommandLine) -> None:
    embedded.succeed("up")

    said = embedded.succeed("logs", "--no-follow")
    unknown = embedded.run("logs", "nobody", "--no-follow")
    embedded.succeed("down")
    afterwards = embedded.succeed("logs", "--no-follow")

    assert "embedded.log" in said
    assert "embedded.log" in afterwards
    assert unknown.code == 1
    assert "no log of 'nobody'; there are logs of embedded, supervisor" in unknown.complained


def test_raw_follows_the_feed_from_its_first_record(embedded: CommandLine) -> None:
    embedded.succeed("up")
    with open_log(CommonSettings(stack="embedded", data_dir=embedded.directory.root)) as log:
        log.append([NewRecord(RAW.name, "vid-1", b'{"a": 1}')])
        process = embedded.start("raw")
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        log.append([NewRecord(RAW.name, "vid-2", b'{"a": 2}')])
        lines.append(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=WITHIN_S)

    assert lines[1:] == ['vid-1\t{"a": 1}\n', 'vid-2\t{"a": 2}\n']
    assert "Traceback" not in rest


def test_clean_asks_and_removes_only_what_is_a_stacks(embedded: CommandLine) -> None:
    embedded.succeed("up")
    (embedded.directory.root / "mine.txt").write_text("keep me")

    unasked = embedded.run("clean")
    said = embedded.succeed("clean", FORCE="1")

    assert unasked.code == 1
    assert "FORCE=1" in unasked.complained
    assert [path.name for path in embedded.directory.root.iterdir()] == ["mine.txt"]
    assert "left what is not a stack's: mine.txt" in said
    assert not embedded.is_ready()


def test_settings_that_cannot_be_used_are_named(embedded: CommandLine) -> None:
    ended = embedded.run("up", API_PORT="http")

    assert ended.code == 1
    assert "API_PORT" in ended.complained
    assert "Traceback" not in ended.complained


def test_settings_are_read_from_env_files_too(embedded: CommandLine) -> None:
    (embedded.working_directory / ".env").write_text("SUBJECTS=tea;coffee\n")

    embedded.succeed("up")

    assert wait_until(lambda: len(embedded.get("/subjects")) == 2, WITHIN_S)


def test_a_service_that_cannot_start_is_reported_with_the_end_of_its_log(embedded: CommandLine) -> None:
    ended = embedded.run("up", SUBJECTS_SINCE="yesterday")

    assert ended.code == 1
    assert "SUBJECTS_SINCE" in ended.complained
    assert "Traceback" not in ended.complained


def test_data_of_another_kind_are_refused(embedded: CommandLine) -> None:
    embedded.succeed("up")
    embedded.succeed("down")

    ended = embedded.run("demo")

    assert ended.code == 1
    assert "holds data from YouTube on STACK=embedded" in ended.complained
    assert "Nothing was started" in ended.complained


def test_docker_without_an_engine_is_refused_with_what_else_there_is(embedded: CommandLine, tmp_path: Path) -> None:
    ended = embedded.run("up", STACK="docker", PATH=str(tmp_path))

    assert ended.code == 1
    assert "STACK=docker cannot be used: there is no docker command" in ended.complained
    assert "STACK=embedded" in ended.complained


def test_docker_does_not_leave_engines_aside_that_were_given(embedded: CommandLine) -> None:
    ended = embedded.run(
        "up", STACK="docker", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1", ELASTICSEARCH_URL="http://127.0.0.1:1"
    )

    assert ended.code == 1
    assert "KAFKA_BOOTSTRAP_SERVERS and ELASTICSEARCH_URL" in ended.complained
    assert "STACK=native" in ended.complained


def test_without_stack_and_docker_it_is_embedded_and_says_why(embedded: CommandLine, tmp_path: Path) -> None:
    said = embedded.succeed("up", STACK="", PATH=str(tmp_path))

    assert "stack: embedded (STACK is not set, and there is no docker command)" in said
