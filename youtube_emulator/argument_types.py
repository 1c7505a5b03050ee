"""Reads the values of options. What is not accepted raises ArgumentTypeError, which says what is."""

import argparse

from youtube_emulator.times import parse_time

_TEN_YEARS_S = 315_360_000


def port(text: str) -> int:
    """A port, or 0 for any free one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535 is accepted")
    return int(text)


def count(text: str) -> int:
    """A whole number from 0 on."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no count: a whole number from 0 on is accepted")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if count(text) == 0:
        raise argparse.ArgumentTypeError("a whole number from 1 on is accepted")
    return int(text)


def _number(text: str, accepted: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number: {accepted} is accepted") from None


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    accepted = "a number of seconds above 0, at most 10 years,"
    value = _number(text, accepted)
    if not 0 < value <= _TEN_YEARS_S:
        raise argparse.ArgumentTypeError(f"{accepted} is accepted")
    return value


def rate(text: str) -> float:
    """A share from 0 to 1."""
    accepted = "a number from 0 to 1"
    value = _number(text, accepted)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{accepted} is accepted")
    return value


def moment(text: str) -> int:
    """A time in seconds since 1970."""
    try:
        return parse_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def project(text: str) -> tuple[str, tuple[str, ...]]:
    """A project's name and its keys."""
    name, _, keys = text.partition("=")
    listed = tuple(key for key in keys.split(",") if key)
    if not name or not listed:
        raise argparse.ArgumentTypeError("a name, `=` and keys separated by commas are accepted")
    return name, listed


def any_seconds(text: str) -> float:
    """A number of seconds of either sign."""
    accepted = "a number of seconds, at most 10 years of either sign,"
    value = _number(text, accepted)
    if not abs(value) <= _TEN_YEARS_S:
        raise argparse.ArgumentTypeError(f"{accepted} is accepted")
    return value


def speed(text: str) -> float:
    """How fast a clock runs."""
    accepted = "a number above 0, at most 1000000,"
    value = _number(text, accepted)
    if not 0 < value <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{accepted} is accepted")
    return value
