"""What a key is good for, and which project it belongs to.

Every key is accepted, but for those that begin with one of `_REFUSED`. A key is a project of its own unless projects
say otherwise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from youtube_emulator import key_refusals
from youtube_emulator.chance import number
from youtube_emulator.refusals import Refusal, RefusalError


@dataclass(frozen=True, slots=True)
class Project:
    """Whose quota is used. `number` is Google's number for it, which tells nothing about a key."""

    number: int

    @property
    def consumer(self) -> str:
        """As Google names it in errors."""
        return f"projects/{self.number}"


@dataclass(frozen=True, slots=True)
class Projects:
    """Which keys share a project: `names` has the project's name of each such key."""

    names: Mapping[str, str] = field(default_factory=dict)

    def project_of(self, key: str) -> Project:
        """The project that a key belongs to."""
        name = ("project", self.names[key]) if key in self.names else ("key", key)
        return Project(100_000_000_000 + number(name) % 900_000_000_000)


Refuse = Callable[[Project, str], Refusal]

_REFUSED: Mapping[str, Refuse] = {
    "invalid": lambda _project, _service: key_refusals.key_invalid(),
    "keyinvalid": lambda _project, _service: key_refusals.key_invalid_of_old(),
    "disabled": lambda project, _service: key_refusals.api_disabled(project.number),
    "blocked": lambda project, service: key_refusals.key_blocked(project.number, service),
    "dailylimit": lambda project, _service: key_refusals.units_used_up_of_old(project.number),
}
"""What keys are answered, by their beginnings."""


def accept_key(key: str | None, projects: Projects, service: str) -> Project:
    """The project of a good key. Raises RefusalError for another one; `service` is what is called."""
    if not key:
        raise RefusalError(key_refusals.key_missing())
    project = projects.project_of(key)
    for beginning, refuse in _REFUSED.items():
        if key.startswith(beginning):
            raise RefusalError(refuse(project, service))
    return project
