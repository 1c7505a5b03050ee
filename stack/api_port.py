"""Makes sure, before anything starts, that the query API can listen where the settings say."""

from stack.errors import RefusedError
from stack.occupant import by_whom
from stack.ports import is_taken, listen_problem
from stack.settings import StackSettings


def check_api_port(settings: StackSettings) -> None:
    """Raises RefusedError, naming the setting to change, when API_HOST and API_PORT cannot be listened on."""
    host, port = settings.api_host, settings.api_port
    problem = listen_problem(host, port)
    if problem is None:
        return
    if is_taken(problem):
        raise RefusedError(
            f"port {port} on {host} is in use{by_whom(port)}. Nothing was started. "
            f"Choose another port with API_PORT, for example API_PORT={_next_free(host, port)}"
        )
    raise RefusedError(f"the API cannot listen on API_HOST={host} API_PORT={port}: {problem.strerror or problem}")


def _next_free(host: str, port: int) -> int:
    return next((other for other in range(port + 1, port + 100) if listen_problem(host, other) is None), port + 1)
