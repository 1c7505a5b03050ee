"""Reads the parameters of a request. Whatever is not accepted raises RefusalError, as YouTube would refuse it."""

from collections.abc import Collection, Iterable, Mapping
from typing import NoReturn

from youtube_emulator import refusals
from youtube_emulator.refusals import RefusalError
from youtube_emulator.times import parse_time
from youtube_emulator.tokens import Place, decode

_OF_ALL_METHODS = frozenset({"key", "alt", "prettyPrint", "quotaUser"})
_MAX_PAGE = 50
MAX_IDS = 50


class Parameters:
    """The parameters of one request; those not in `known` are refused.

    A list may be given in one value, separated by commas, or in several; of any other parameter the last counts.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], known: Collection[str]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)
        for name in self._values:
            if name not in known and name not in _OF_ALL_METHODS:
                raise RefusalError(refusals.unknown_parameter(name))
        self.choice("alt", ("json",), "json")

    def text(self, name: str) -> str | None:
        """The value; None where it is absent or empty."""
        values = self._values.get(name)
        return values[-1] or None if values else None

    def listed(self, name: str) -> tuple[str, ...]:
        """The values of a list, each once."""
        values = (part.strip() for value in self._values.get(name, ()) for part in value.split(","))
        return tuple(dict.fromkeys(value for value in values if value))

    def parts(self, known: Collection[str]) -> tuple[str, ...]:
        """The parts asked for, of which there has to be one."""
        parts = self.listed("part")
        if not parts:
            raise RefusalError(refusals.missing_parameter("part"))
        for part in parts:
            if part not in known:
                raise RefusalError(refusals.invalid_parameter("part", f"'{part}'", "unknownPart"))
        return parts

    def choice(self, name: str, accepted: Collection[str], default: str | None = None) -> str | None:
        """One of the accepted values."""
        value = self.text(name)
        if value is None:
            return default
        if value not in accepted:
            self.refuse(name, f"one of {', '.join(accepted)} is accepted")
        return value

    def choices(self, name: str, accepted: Collection[str]) -> tuple[str, ...]:
        """Some of the accepted values; all of them where the parameter is absent."""
        values = self.listed(name)
        if not set(values) <= set(accepted):
            self.refuse(name, f"some of {', '.join(accepted)}, separated by commas, are accepted")
        return values or tuple(accepted)

    def page_size(self) -> int:
        """`maxResults`: 0 to 50, 5 where it is absent."""
        text = self.text("maxResults")
        if text is None:
            return 5
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= _MAX_PAGE):
            self.refuse("maxResults", f"Acceptable values are 0 to {_MAX_PAGE}, inclusive.")
        return int(text)

    def moment(self, name: str) -> int | None:
        """A time in seconds since 1970."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return parse_time(text)
        except ValueError as error:
            return self.refuse(name, str(error))

    def place(self) -> Place:
        """The place that `pageToken` names; the beginning where it is absent."""
        token = self.text("pageToken")
        if token is None:
            return Place(0)
        try:
            return decode(token)
        except ValueError:
            raise RefusalError(refusals.invalid_page_token()) from None

    def ids(self, name: str) -> tuple[str, ...]:
        """Ids, no more than 50."""
        ids = self.listed(name)
        if len(ids) > MAX_IDS:
            self.refuse(name, f"{len(ids)} ids were given; at most {MAX_IDS} are accepted")
        return ids

    def without_key(self) -> Mapping[str, list[str]]:
        """All that was asked, but for the key and the page."""
        return {name: values for name, values in self._values.items() if name not in ("key", "pageToken")}

    @staticmethod
    def refuse(name: str, why: str) -> NoReturn:
        """Refuses the value of a parameter. The value is not repeated."""
        raise RefusalError(refusals.invalid_parameter(name, f"Invalid value for parameter '{name}': {why}"))
