"""Watches over one part: starts it, waits until it answers, and starts it again when it dies."""

import subprocess
import threading
import time
from pathlib import Path

from observability import event_logger
from schemas.settings import EXIT_UNUSABLE_SETTINGS
from stack.directory import StackDirectory
from stack.engines import EngineError
from stack.leftovers import mark
from stack.part import Part
from stack.pid_file import remove_pid, write_pid
from stack.process import describe_exit, kill, rotate, spawn, wait_until
from stack.restarts import Restarts
from stack.state import StateBoard, now

logs = event_logger("stack")


class Watcher:
    """A thread that keeps one part alive until `stop`."""

    def __init__(self, part: Part, directory: StackDirectory, board: StateBoard) -> None:
        self.part = part
        self.answered = threading.Event()
        """Set once the part answered for the first time."""
        self._directory = directory
        self._board = board
        self._stopping = threading.Event()
        # Between `_stopping` and the start of a process: none starts after `stop` has looked.
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name=part.name, daemon=True)

    def start(self) -> None:
        """Starts the part and returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Asks the part to end, kills it when it takes too long, and returns when it is gone."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None:
            self._board.change(self.part.name, phase="stopping", note="")
            process.terminate()
            self._thread.join(self.part.stop_within)
            if self._thread.is_alive():
                logs.warning("part_killed", part=self.part.name, after_s=self.part.stop_within)
                kill(process)
        if self._thread.ident is not None:
            self._thread.join()
        remove_pid(self._pid_file)
        self._board.change(self.part.name, phase="stopped", pid=None, note="")

    @property
    def _pid_file(self) -> Path:
        return self._directory.pid_file(self.part.name)

    def _run(self) -> None:
        restarts = Restarts()
        while not self._stopping.is_set():
            started = time.monotonic()
            why, code = self._one_life(restarts)
            if self._stopping.is_set():
                return
            if code == EXIT_UNUSABLE_SETTINGS:
                restarts = restarts.after_refusal()
            else:
                restarts = restarts.after(time.monotonic() - started)
            self._report_death(why, restarts)
            self._stopping.wait(restarts.delay_s)

    def _one_life(self, restarts: Restarts) -> tuple[str, int | None]:
        """Starts the part and returns when it is gone, with the reason in words and its exit code, if it had one."""
        try:
            self.part.prepare()
            process = self._spawn()
        except (OSError, EngineError) as error:
            return str(error), None
        if process is None:
            return "stopped", None
        self._wait_for_answer(process, restarts)
        code = process.wait()
        return describe_exit(code), code

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        log = self._directory.log_file(self.part.name)
        rotate(log)
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = spawn(self.part, log, mark(self._directory))
        write_pid(self._pid_file, self._process.pid)
        return self._process

    def _wait_for_answer(self, process: subprocess.Popen[bytes], restarts: Restarts) -> None:
        change = self._board.change
        name = self.part.name
        # What is failing stays so until it answers: a reader in between would take it for healthy.
        phase = "failing" if restarts.hopeless else "starting"
        change(name, phase=phase, pid=process.pid, since=now(), restarts=restarts.total)
        logs.info("part_started", part=name, pid=process.pid, restarts=restarts.total)
        began = time.monotonic()
        while not wait_until(self.part.ready, self.part.ready_within, lambda: process.poll() is not None):
            if process.poll() is not None:
                return
            change(name, phase="late", note=f"no answer after {time.monotonic() - began:.0f} s")
            logs.warning("part_late", part=name, after_s=round(time.monotonic() - began))
        change(name, phase="running", note="")
        logs.info("part_answers", part=name, after_s=round(time.monotonic() - began, 1))
        self.answered.set()

    def _report_death(self, why: str, restarts: Restarts) -> None:
        remove_pid(self._pid_file)
        note = f"{why}; starts again in {restarts.delay_s:g} s"
        if restarts.hopeless:
            times = "once" if restarts.total == 1 else f"{restarts.total} times"
            note = f"died {times} soon after its start ({why}); still tried every {restarts.delay_s:g} s"
        phase = "failing" if restarts.hopeless else "restarting"
        self._board.change(self.part.name, phase=phase, pid=None, restarts=restarts.total, note=note)
        logs.warning("part_died", part=self.part.name, reason=why, restarts=restarts.total, delay_s=restarts.delay_s)
