"""Starts a stack: decides which one, makes sure that nothing is in its way, and hands it to whoever runs it."""

from schemas.settings import StackName
from stack import containers, docker, docker_engine, local
from stack.console import Say
from stack.directory import StackDirectory
from stack.errors import StackError
from stack.follow import trouble
from stack.lock import SupervisorLock
from stack.origin import Origin, check_origin, read_origin
from stack.settings import StackSettings
from stack.state import read_state


def up(settings: StackSettings, say: Say, *, foreground: bool = False) -> bool:
    """Starts the stack of the settings and returns once it answers; in the foreground, once it has ended.

    False when it ran already, and nothing was changed. Raises StackError and EngineError.
    """
    directory = StackDirectory.of(settings.data_dir)
    lock = _take_lock(directory, say)
    if lock is None:
        say(f"the stack in {directory} is already running: nothing was changed")
        return False
    with lock:
        # What an earlier run wrote must not be taken for news of this one.
        directory.state.unlink(missing_ok=True)
        settings, origin = _settle(settings, directory, say)
        if origin.stack == "docker":
            return docker.up(settings, directory, origin, say, foreground=foreground)
        local.clear_the_way(settings, directory, origin, say)
        if foreground:
            local.supervise_here(settings, directory, say)
        else:
            local.supervise_in_background(settings, directory, lock, say)
    return True


def api_url(settings: StackSettings, directory: StackDirectory) -> str:
    """Where the API answers once `up` has returned: a stack that ran already keeps the address it has."""
    if _on_docker(directory):
        return containers.api_url(directory) or settings.api_url
    state = read_state(directory)
    return settings.api_url if state is None else state.addresses["api"]


def kibana_url(directory: StackDirectory) -> str | None:
    """Where Kibana is, or None where the stack has none."""
    return containers.kibana_url(directory) if _on_docker(directory) else None


def scaling(directory: StackDirectory) -> str | None:
    """The command that makes more replicas, or None where the stack has none."""
    return docker.scaling(directory) if _on_docker(directory) else None


def _on_docker(directory: StackDirectory) -> bool:
    origin = read_origin(directory)
    return origin is not None and origin.stack == "docker"


def _take_lock(directory: StackDirectory, say: Say) -> SupervisorLock | None:
    """The lock, or None when the stack runs. Waits for a command that is just starting or stopping it.

    Raises StackError for a stack that is being started in vain.
    """
    told = False
    while (lock := SupervisorLock.take(directory.lock)) is None:
        state = read_state(directory)
        if state is not None and not state.ending:
            if state.complete:
                return None
            if state.troubled:
                raise StackError(
                    f"{trouble(directory, state.troubled[0])}\n"
                    "It keeps the settings that it was started with: for others, end it first"
                )
        if not told:
            told = True
            say(f"another command is starting or stopping the stack in {directory}: waiting for it")
    return lock


def _settle(settings: StackSettings, directory: StackDirectory, say: Say) -> tuple[StackSettings, Origin]:
    """Decides which stack it is, and makes sure that it fits the data that are there. Raises RefusedError."""
    found = read_origin(directory)
    stack, why = _choose(settings.stack, found)
    wanted = Origin(stack=stack, simulated=settings.simulated, catalogue=settings.simulated_catalogue)
    check_origin(directory, found, wanted)
    say(f"stack: {stack} ({why}); data in {directory}")
    return settings.model_copy(update={"stack": stack}), wanted


def _choose(asked: StackName | None, found: Origin | None) -> tuple[StackName, str]:
    """The stack, and why it is that one.

    What the user asked for comes first, then what the data at hand were made with, then Docker where an engine
    answers.
    """
    if asked is not None:
        return asked, "as STACK says"
    if found is not None:
        return found.stack, "STACK is not set, and the data at hand were made with it"
    problem = docker_engine.problem()
    if problem is None:
        return "docker", "STACK is not set, and a Docker engine answers"
    return "embedded", f"STACK is not set, and {problem}"
