"""Goes on with containers and volumes that an older version of this code named otherwise.

It gave each directory a name of its own, also the one of the checkout that plain `docker compose` has a name for.
"""

from stack.compose import ENV_FILE, PROJECT, PROJECT_NAME, is_own, name_of, project
from stack.console import Say
from stack.directory import StackDirectory
from stack.env_file import add
from stack.origin import read_origin
from stack.volumes import volumes_of


def keep_older_name(directory: StackDirectory, say: Say) -> None:
    """Has make and plain `docker compose` use the older name, where there are data of that name alone.

    Raises StackError when `.env` cannot be written.
    """
    older = _with_data(directory)
    if older is None or volumes_of(PROJECT):
        return
    add(ENV_FILE, PROJECT_NAME, older)
    say(
        f"the containers and volumes of {directory} are called {older}, as an older version named them, and stay so: "
        f"{PROJECT_NAME}={older} was added to {ENV_FILE.name}, for make and for docker compose"
    )


def tell_of_older_data(directory: StackDirectory, say: Say) -> None:
    """Names data of the older name that are left aside, and what can be done."""
    older = _with_data(directory)
    if older is not None:
        say(
            f"note: data that an older version made for {directory} stay aside, in volumes called {older}. Instead "
            f"of these go on with those: make down, add {PROJECT_NAME}={older} to {ENV_FILE.name}, make up. Remove "
            f"them: docker compose --project-name {older} down; docker volume rm {' '.join(volumes_of(older))}"
        )


def _with_data(directory: StackDirectory) -> str | None:
    """The older name, where it is not the one in use and has volumes."""
    if not is_own(directory) or project(directory) != PROJECT:
        return None
    origin = read_origin(directory)
    if origin is None or origin.stack != "docker":
        return None
    older = name_of(directory)
    return older if volumes_of(older) else None
