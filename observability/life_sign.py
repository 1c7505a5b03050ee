"""Shows a service's health check that its work goes round: a file that each round touches."""

from contextlib import suppress
from pathlib import Path


class LifeSign:
    """Given by each round of the work that succeeds, so first when the start is over. `path` None: nobody looks."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def give(self) -> None:
        """Touches the file. One that cannot be written shows what it is there to show: that something is wrong."""
        if self._path is not None:
            with suppress(OSError):
                self._path.touch()


UNSEEN = LifeSign(None)
"""For who runs a part where nobody looks."""
