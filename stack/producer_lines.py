"""What `GET /status` answers, as lines for people. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from stack.columns import columns

Body = Mapping[str, Any]


def producer_lines(status: Body, now: datetime) -> list[str]:
    """The producer's work: what holds it up, its subjects and its quota. Times are this machine's."""
    reason = f": {status['reason']}" if status["reason"] else ""
    lines = [f"  producer {status['state']}{reason}"]
    if status["subjects"]:
        lines += _indented(_subjects(status["subjects"], now))
        lines += [line for subject in status["subjects"] for line in _remarks(subject)]
    if status["projects"]:
        lines += _indented(_projects(status["projects"], now))
    if status["videos"] is not None:
        waiting = status["awaiting_details"]
        lines.append(f"  {status['videos']:,} videos{f', {waiting:,} to be looked up' if waiting else ''}")
    return [_printable(line) for line in lines]


def _subjects(subjects: list[Body], now: datetime) -> list[str]:
    head = ("subject", "last poll", "next poll", "found", "new", "delay", "channels")
    return columns(head, [_subject(subject, now) for subject in subjects], numbers={3, 4, 6})


def _subject(subject: Body, now: datetime) -> tuple[str, ...]:
    delay = subject["expected_delay_s"]
    return (
        _name(subject),
        _moment(subject["last_poll_at"], now),
        _moment(subject["next_poll_at"], now),
        f"{subject['found']:,}",
        f"{subject['new']:,}",
        f"about {duration(delay)}" if delay is not None else "-",
        f"{subject['channels']:,}",
    )


def _remarks(subject: Body) -> Iterator[str]:
    backfill = subject["backfill"]
    if backfill and backfill["windows_left"]:
        days = backfill["days_left"]
        left = f", about {days:.1f} days of quota" if days is not None else ""
        done = f"{backfill['windows_done']:,} windows done, {backfill['windows_left']:,} left{left}"
        yield f"  past of {_name(subject)}: {done}"
    if subject["trouble"]:
        yield f"  trouble with {_name(subject)}: {subject['trouble']}"


def _name(subject: Body) -> str:
    return str(subject["query"] or subject["id"])


def _projects(projects: list[Body], now: datetime) -> list[str]:
    head = ("project", "keys", "searches left", "units left", "reset")
    return columns(head, [_project(project, now) for project in projects], numbers={2, 3})


def _project(project: Body, now: datetime) -> tuple[str, ...]:
    return (
        project["id"],
        ", ".join(project["keys"]),
        f"{project['searches_left']:,} of {project['searches_per_day']:,}",
        f"{project['units_left']:,} of {project['units_per_day']:,}",
        _moment(project["resets_at"], now),
    )


def _printable(line: str) -> str:
    """Nothing that moves the terminal's cursor or turns its text around."""
    return "".join(character if character.isprintable() else "?" for character in line)


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _moment(text: str | None, now: datetime) -> str:
    if text is None:
        return "-"
    moment = datetime.fromisoformat(text)
    span = (moment - now).total_seconds()
    relative = f"in {duration(span)}" if span >= 0 else f"{duration(-span)} ago"
    there, here = moment.astimezone(), now.astimezone()
    return f"{there:{'%H:%M:%S' if there.date() == here.date() else '%b %d %H:%M'}}, {relative}"


def duration(seconds: float) -> str:
    """A span as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"
