"""A part of a stack, as data: what is run, and how one knows that it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _nothing() -> None:
    """The preparation of a part that needs none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process of a stack.

    `environment` is laid over the environment of whoever starts it. `prepare` is called before every start, and
    may be called again on what an earlier call left. `ready` returns whether the part answers, within seconds,
    and raises nothing. Times are in seconds; `stop_within` is what the part gets between SIGTERM and SIGKILL.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = _nothing
    ready: Callable[[], bool] = lambda: True
    ready_within: float = 60.0
    stop_within: float = 15.0


@dataclass(frozen=True, slots=True)
class Layout:
    """A stack, as data.

    The parts of a stage are started together, once every part of the stage before answers, and stopped before
    them. `addresses` maps what a user or `status` may want to reach to where it is.
    """

    stack: str
    simulated: bool
    stages: tuple[tuple[Part, ...], ...]
    addresses: Mapping[str, str]
