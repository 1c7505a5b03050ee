"""The variables of `docker-compose.yml`, as the environment of a compose command."""

import os
import socket
from collections.abc import Mapping

from pydantic_settings import DotEnvSettingsSource

from stack.directory import StackDirectory
from stack.errors import RefusedError
from stack.ports import LOOPBACK, choose_ports
from stack.settings import SEARCHES_PER_DAY, StackSettings

EMULATOR = "youtube_emulator"
"""The service of the file that stands in for YouTube."""

PUBLISHED_ENGINES = {"kafka": 29092, "elasticsearch": 9200, "kibana": 5601}
"""The services that are published where there is room, and the port of each inside of its container."""

GIVEN_PORTS = tuple(f"{name.upper()}_PORT" for name in PUBLISHED_ENGINES)
"""What says where the engines are published; free ports where the user says nothing."""


def variables_to_look() -> dict[str, str]:
    """For a command about containers that are there already."""
    # Compose reads the whole file all the same, and would refuse a name as an address.
    return {**os.environ, "API_HOST": LOOPBACK}


def variables_to_start(
    settings: StackSettings, directory: StackDirectory, published: Mapping[str, int] | None = None
) -> dict[str, str]:
    """For a command that makes containers: the environment, then `.env`, then free ports of this host.

    Chooses the ports of the engines but for those that run and are `published` already: on another one they would be
    made anew. Raises RefusedError for an API_HOST that cannot be published on.
    """
    kept = published or {}
    chosen = choose_ports(directory, tuple(name for name in PUBLISHED_ENGINES if name not in kept))
    ports = {f"{name.upper()}_PORT": str(port) for name, port in {**chosen, **kept}.items()}
    given = {**_env_file(settings), **{name: value for name, value in os.environ.items() if value}}
    variables = {**ports, **given, **settings.for_children(), "API_HOST": _published_on(settings.api_host)}
    if settings.simulated:
        variables["YOUTUBE_API_URL"] = f"http://{EMULATOR}:8080/youtube/v3"
        variables["SEARCHES_PER_DAY"] = str(SEARCHES_PER_DAY)
    if settings.simulated_catalogue:
        # The emulator tells a packed catalogue by its name.
        inside = "/catalogue.jsonl.gz" if settings.simulated_catalogue.endswith(".gz") else "/catalogue.jsonl"
        variables["CATALOGUE_INSIDE"] = inside
        variables["EMULATOR_ARGUMENTS"] = f"--catalogue {inside}"
    return variables


def _env_file(settings: StackSettings) -> dict[str, str]:
    """What `.env` says, read as the services read it."""
    values = DotEnvSettingsSource(type(settings)).env_vars
    return {name.upper(): value for name, value in values.items() if value}


def _published_on(host: str) -> str:
    """The address to publish on, where the user may have given a name."""
    try:
        found = socket.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise RefusedError(
            f"STACK=docker publishes the API on an IPv4 address, and API_HOST={host} is none ({error.strerror})"
        ) from None
    return str(found[0][4][0])
