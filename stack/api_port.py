"""Makes sure, before anything starts, that the query API can listen where the settings say."""

from pathlib import Path

from stack.directory import StackDirectory
from stack.errors import RefusedError
from stack.leftovers import run_dir_of
from stack.ports import is_taken, listen_problem, listener
from stack.settings import StackSettings


def check_api_port(settings: StackSettings) -> None:
    """Raises RefusedError, naming the setting to change, when API_HOST and API_PORT cannot be listened on."""
    host, port = settings.api_host, settings.api_port
    problem = listen_problem(host, port)
    if problem is None:
        return
    if is_taken(problem):
        raise RefusedError(
            f"port {port} on {host} is in use{_by_whom(port)}. Nothing was started. "
            f"Choose another port with API_PORT, for example API_PORT={_next_free(host, port)}"
        )
    raise RefusedError(f"the API cannot listen on API_HOST={host} API_PORT={port}: {problem.strerror or problem}")


def _by_whom(port: int) -> str:
    process = listener(port)
    if process is None:
        return ""
    run_dir = run_dir_of(process)
    if run_dir is not None:
        directory = StackDirectory(Path(run_dir).parent)
        return f" by the stack in {directory} (make down {directory.setting} ends it)"
    return f" by {process.name()} (process {process.pid})"


def _next_free(host: str, port: int) -> int:
    return next((other for other in range(port + 1, port + 100) if listen_problem(host, other) is None), port + 1)
