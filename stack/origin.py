"""Remembers in a DATA_DIR which stack made its data and from what, so that data of different kinds never mix."""

from pydantic import BaseModel, ConfigDict

from schemas.settings import StackName
from stack.directory import StackDirectory, write_whole
from stack.errors import RefusedError


class Origin(BaseModel):
    """`simulated` data come from the emulator; `catalogue` is the absolute path of its file, if it had one."""

    model_config = ConfigDict(frozen=True)

    stack: StackName
    simulated: bool = False
    catalogue: str | None = None


def read_origin(directory: StackDirectory) -> Origin | None:
    """What made the data, or None where there are none yet. Raises RefusedError for a file that says nothing."""
    try:
        return Origin.model_validate_json(directory.origin.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RefusedError(
            f"{directory.origin} cannot be read, so it is not known what made the data in {directory}: put the file "
            f"right, or choose another DATA_DIR ({error.__class__.__name__})"
        ) from None


def write_origin(directory: StackDirectory, origin: Origin) -> None:
    """Remembers what makes the data from now on."""
    write_whole(directory.origin, origin.model_dump_json(indent=2) + "\n")


def check_origin(directory: StackDirectory, found: Origin | None, wanted: Origin) -> None:
    """Raises RefusedError when the data that were found were not made as is wanted now."""
    if found is None or found == wanted:
        return
    raise RefusedError(
        f"{directory} holds {_describe(found)}, and what is asked for is {_describe(wanted)}. Nothing was started. "
        "Either ask for what is there, or choose another DATA_DIR, or remove these data: "
        f"make clean {directory.setting}"
    )


def _describe(origin: Origin) -> str:
    if not origin.simulated:
        return f"data from YouTube on STACK={origin.stack}"
    videos = f"the catalogue {origin.catalogue}" if origin.catalogue else "made-up videos"
    return f"simulated data ({videos}) on STACK={origin.stack}"
