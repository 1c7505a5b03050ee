"""What a user can do once a stack runs."""

from stack.directory import StackDirectory
from stack.settings import StackSettings


def after_up(
    settings: StackSettings,
    directory: StackDirectory,
    url: str,
    kibana: str | None = None,
    scaling: str | None = None,
) -> list[str]:
    """The lines that `make up` ends with; the API answers at `url`, and Kibana, where it runs, at `kibana`.

    `scaling` is the command for more of the parts of which there may be several.
    """
    lines = [
        f"The API answers at {url}",
        f"  the page         {url}/",
        f"  newest videos    curl '{url}/get?limit=5'",
        f"  search           curl '{url}/search?q=music'",
        f"  every endpoint   {url}/docs",
        *_kibana(kibana),
        *_commands(directory),
        *_scaling(scaling),
    ]
    if settings.youtube_api_keys is None:
        lines.append("No YOUTUBE_API_KEYS are set. Unless you added one, nothing is polled; add one there, or so:")
        lines.append(_post(url, "add_api_key", '{"key": "YOUR-KEY"}'))
    if settings.subjects is None:
        lines.append("No SUBJECTS are set. Unless you followed one, nothing is polled; follow one there, or so:")
        lines.append(_post(url, "subjects", '{"query": "cooking"}'))
    return lines


def after_demo(
    settings: StackSettings,
    directory: StackDirectory,
    url: str,
    kibana: str | None = None,
    scaling: str | None = None,
) -> list[str]:
    """The lines that `make demo` ends with; the rest is as for `after_up`."""
    source = settings.simulated_catalogue or "made-up videos"
    return [
        f"The demo runs, on SIMULATED data: {source}, served by a local stand-in for YouTube.",
        f"It follows: {settings.subjects}",
        f"  the page         {url}/",
        f"  newest videos    curl '{url}/get?limit=5'",
        f"  search           curl '{url}/search?q=music&limit=3'",
        f"  every endpoint   {url}/docs",
        *_kibana(kibana),
        *_commands(directory),
        *_scaling(scaling),
        "For real videos, stop the demo and start: make up YOUTUBE_API_KEYS=... SUBJECTS='...'",
    ]


def _kibana(url: str | None) -> list[str]:
    if url is None:
        return []
    # Data may have a password that no file says, as those of docker compose without make: README, "Docker".
    return [f"  Kibana           {url}  (user elastic, password: ELASTIC_PASSWORD in .env, or with the data)"]


def _commands(directory: StackDirectory) -> list[str]:
    return [
        f"  raw feed         make raw {directory.setting}",
        f"  how it is        make status {directory.setting}",
        f"  what it says     make logs {directory.setting}",
        f"  stop             make down {directory.setting}",
    ]


def _scaling(command: str | None) -> list[str]:
    return [f"  more replicas    {command}"] if command else []


def _post(url: str, path: str, body: str) -> str:
    return f"  curl '{url}/{path}' -H 'Content-Type: application/json' -d '{body}'"
