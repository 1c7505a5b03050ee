"""What a key is good for, and which project it belongs to.

Every key is accepted, but for those that begin `invalid` (no valid key), `disabled` (its project has not enabled
the API) or `blocked` (restricted to other APIs). A key is a project of its own unless projects say otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from youtube_emulator import refusals
from youtube_emulator.chance import number
from youtube_emulator.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class Project:
    """Whose quota is used. `number` is Google's number for it, which tells nothing about a key."""

    number: int


@dataclass(frozen=True, slots=True)
class Projects:
    """Which keys share a project: `names` has the project's name of each such key."""

    names: Mapping[str, str] = field(default_factory=dict)

    def project_of(self, key: str) -> Project:
        """The project that a key belongs to."""
        name = ("project", self.names[key]) if key in self.names else ("key", key)
        return Project(100_000_000_000 + number(name) % 900_000_000_000)


def accept_key(key: str | None, projects: Projects, service: str) -> Project:
    """The project of a good key. Raises RefusedError for another one; `service` is what is called."""
    if not key:
        raise RefusedError(refusals.key_missing())
    if key.startswith("invalid"):
        raise RefusedError(refusals.key_invalid())
    project = projects.project_of(key)
    if key.startswith("disabled"):
        raise RefusedError(refusals.api_disabled(project.number))
    if key.startswith("blocked"):
        raise RefusedError(refusals.key_blocked(project.number, service))
    return project
