"""A log or an index whose calls fail now and then, around a real one."""

from collections.abc import Callable, Sequence


class Failing:
    """Delegates to `inner`; calls of `names` for which `fails` says so raise, before or after they took effect.

    `fails` is given the count of calls so far and answers "before", "after" or None.
    """

    def __init__(
        self,
        inner: object,
        names: Sequence[str],
        fails: Callable[[int], str | None],
        error: Callable[[], Exception],
    ) -> None:
        self._inner = inner
        self._names = names
        self._fails = fails
        self._error = error
        self.calls = 0

    def __getattr__(self, name: str) -> object:
        method = getattr(self._inner, name)
        if name not in self._names:
            return method

        def call(*args: object) -> object:
            self.calls += 1
            when = self._fails(self.calls)
            if when == "before":
                raise self._error()
            result = method(*args)
            if when == "after":
                raise self._error()
            return result

        return call
