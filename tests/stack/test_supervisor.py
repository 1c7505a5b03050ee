"""The supervisor over real processes that are killed."""

import os
import signal

import pytest

from stack.loopback import get
from stack.process import wait_until
from tests.stack.conftest import WITHIN_S, SmallStack, alive, supervisor_of
from tests.stack.small_stack import HOPELESS, SLEEPER, WEB


def test_parts_are_started_and_their_process_ids_written_down(small_stack: SmallStack):
    small_stack.start_and_wait()

    assert [part.phase for part in small_stack.state.parts] == ["running", "running"]
    assert alive(small_stack.pid(WEB)) and alive(small_stack.pid(SLEEPER))
    assert small_stack.pid("supervisor") == small_stack.supervisor.pid == supervisor_of(small_stack.directory)
    assert get(small_stack.state.addresses["api"]).status == 200


def test_a_stage_starts_only_when_the_one_before_answers(small_stack: SmallStack):
    small_stack.start("--hopeless")

    small_stack.wait_for(lambda state: any(part.restarts for part in state.parts))

    assert small_stack.part(SLEEPER).phase == "waiting"
    assert not small_stack.state.complete


@pytest.mark.parametrize("name", [WEB, SLEEPER])
def test_a_killed_part_comes_back_and_the_others_stay(small_stack: SmallStack, name: str):
    small_stack.start_and_wait()
    before = {part: small_stack.pid(part) for part in (WEB, SLEEPER)}

    os.kill(before[name], signal.SIGKILL)

    restarted = small_stack.wait_for(
        lambda state: any(part.restarts and part.phase == "running" for part in state.parts)
    )
    after = {part: small_stack.pid(part) for part in (WEB, SLEEPER)}
    assert {part for part in after if after[part] != before[part]} == {name}
    assert sum(part.restarts for part in restarted.parts) == 1


def test_a_part_that_dies_at_once_every_time_is_named_and_still_tried(small_stack: SmallStack):
    small_stack.start("--hopeless")

    small_stack.wait_for(lambda state: bool(state.troubled))

    part = small_stack.part(HOPELESS)
    assert part.phase == "failing"
    assert "died 5 times" in part.note
    assert "exit code 1" in part.note
    assert "out of luck" in small_stack.directory.log_file(HOPELESS).read_text()
    small_stack.wait_for(lambda state: any(each.restarts > 5 for each in state.parts))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_all_of_it(small_stack: SmallStack, number: signal.Signals):
    small_stack.start_and_wait()
    pids = [small_stack.pid(part) for part in (WEB, SLEEPER)]

    small_stack.supervisor.send_signal(number)

    assert small_stack.supervisor.wait(WITHIN_S) == 0
    assert not any(alive(pid) for pid in pids)
    assert not small_stack.directory.pid_file(WEB).exists()
    assert [part.phase for part in small_stack.state.parts] == ["stopped", "stopped"]


def test_a_stop_while_parts_are_still_starting_ends_all_of_it(small_stack: SmallStack):
    small_stack.start("--hopeless")
    small_stack.wait_for(lambda state: any(part.name == WEB and part.phase == "running" for part in state.parts))
    web = small_stack.pid(WEB)

    small_stack.supervisor.terminate()

    assert small_stack.supervisor.wait(WITHIN_S) == 0
    assert not alive(web)


def test_a_second_supervisor_is_refused_and_changes_nothing(small_stack: SmallStack):
    small_stack.start_and_wait()
    first = small_stack.supervisor
    before = small_stack.state

    second = SmallStack(small_stack.directory.root)
    second.start()

    assert second.supervisor.wait(WITHIN_S) == 7
    assert first.poll() is None
    assert small_stack.state == before


def test_parts_outlive_a_killed_supervisor_and_the_next_one_takes_over(small_stack: SmallStack):
    small_stack.start_and_wait()
    orphans = [small_stack.pid(part) for part in (WEB, SLEEPER)]
    address = small_stack.state.addresses["api"]

    small_stack.kill_supervisor()

    assert all(alive(pid) for pid in orphans)
    assert get(address).status == 200
    small_stack.directory.state.unlink()
    small_stack.start_and_wait()
    assert not any(alive(pid) for pid in orphans)
    assert small_stack.state.addresses["api"] == address


def test_a_stack_starts_again_after_everything_was_killed(small_stack: SmallStack):
    small_stack.start_and_wait()
    pids = [small_stack.pid(part) for part in (WEB, SLEEPER)]
    small_stack.kill_supervisor()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not any(alive(pid) for pid in pids), WITHIN_S)
    small_stack.directory.state.unlink()

    small_stack.start_and_wait()

    assert get(small_stack.state.addresses["api"]).status == 200


def test_a_process_that_only_has_an_old_process_id_of_ours_is_left_alone(
    small_stack: SmallStack, another_small_stack: SmallStack
):
    another_small_stack.start_and_wait()
    stranger = another_small_stack.pid(SLEEPER)
    small_stack.directory.run.mkdir(parents=True)
    small_stack.directory.pid_file(SLEEPER).write_text(f"{stranger}\n")

    small_stack.start_and_wait()

    assert alive(stranger)
    assert small_stack.pid(SLEEPER) != stranger


def test_two_stacks_run_side_by_side(small_stack: SmallStack, another_small_stack: SmallStack):
    small_stack.start_and_wait()
    another_small_stack.start_and_wait()

    small_stack.supervisor.terminate()
    small_stack.supervisor.wait(WITHIN_S)

    assert get(another_small_stack.state.addresses["api"]).status == 200
