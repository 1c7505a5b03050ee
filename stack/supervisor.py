"""Starts the parts stage by stage, watches over them, and stops them in the reverse order."""

import os
import queue
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from observability import event_logger
from stack.directory import StackDirectory
from stack.part import Layout
from stack.pid_file import remove_pid, write_pid
from stack.state import PartState, StackState, StateBoard
from stack.watcher import Watcher

_LOOK_EVERY_S = 0.05
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

logs = event_logger("stack")

StopRequests = queue.SimpleQueue[int]
"""Signals that ask for the end. Unlike an Event this queue may be filled from within a signal handler."""


def listen_for_stop() -> StopRequests:
    """From now on SIGTERM, SIGINT and SIGHUP do not end this process but are put into the queue."""
    requests: StopRequests = queue.SimpleQueue()
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda received, _: requests.put(received))
    return requests


def supervise(
    layout: Layout,
    directory: StackDirectory,
    requests: StopRequests,
    announce: Callable[[StackState], None] = lambda _: None,
) -> None:
    """Runs the stack until a stop is requested, and returns when every part is gone.

    `announce` is called once every part answers. The caller holds the lock of the directory.
    """
    parts = [part for stage in layout.stages for part in stage]
    board = StateBoard(
        directory,
        StackState(
            stack=layout.stack,
            simulated=layout.simulated,
            addresses=dict(layout.addresses),
            parts=tuple(PartState(name=part.name) for part in parts),
        ),
    )
    stages = [[Watcher(part, directory, board) for part in stage] for stage in layout.stages]
    own_pid_file = directory.pid_file("supervisor")
    write_pid(own_pid_file, os.getpid())
    try:
        if _start(stages, requests):
            board.change_stack(complete=True)
            logs.info("stack_complete", stack=layout.stack)
            announce(board.state)
            requests.get()
        logs.info("stack_stopping", stack=layout.stack)
    finally:
        _stop(stages)
        remove_pid(own_pid_file)
        logs.info("stack_stopped", stack=layout.stack)


def _start(stages: Sequence[Sequence[Watcher]], requests: StopRequests) -> bool:
    """Starts each stage when the one before answers. False when a stop was requested before all did."""
    for stage in stages:
        for watcher in stage:
            watcher.start()
        while not all(watcher.answered.is_set() for watcher in stage):
            if _requested(requests):
                return False
    return True


def _requested(requests: StopRequests) -> bool:
    try:
        requests.get(timeout=_LOOK_EVERY_S)
    except queue.Empty:
        return False
    return True


def _stop(stages: Sequence[Sequence[Watcher]]) -> None:
    for stage in reversed(stages):
        with ThreadPoolExecutor(max_workers=len(stage)) as pool:
            list(pool.map(Watcher.stop, stage))
