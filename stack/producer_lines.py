"""What `GET /status` answers, as lines for people. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Body = Mapping[str, Any]


def producer_lines(status: Body, now: datetime) -> list[str]:
    """The producer's work: what holds it up, its subjects and its quota. Times are this machine's."""
    reason = f": {status['reason']}" if status["reason"] else ""
    lines = [f"  producer {status['state']}{reason}"]
    lines += [line for subject in status["subjects"] for line in _subject(subject, now)]
    lines += [_project(project) for project in status["projects"]]
    if status["videos"] is not None:
        waiting = status["awaiting_details"]
        lines.append(f"  {status['videos']:,} videos{f', {waiting:,} to be looked up' if waiting else ''}")
    return lines


def _subject(subject: Body, now: datetime) -> Iterator[str]:
    name = subject["query"] or "channels alone"
    delay = subject["expected_delay_s"]
    parts = [
        f"last poll {_moment(subject['last_poll_at'], now)}",
        f"next {_moment(subject['next_poll_at'], now)}",
        f"found {subject['found']:,}, new {subject['new']:,}",
        f"delay about {duration(delay)}" if delay is not None else "",
        f"{subject['channels']} channels" if subject["channels"] else "",
    ]
    yield f"  {name:<28} " + "; ".join(part for part in parts if part)
    backfill = subject["backfill"]
    if backfill and backfill["windows_left"]:
        days = backfill["days_left"]
        left = f", about {days:.1f} days of quota" if days is not None else ""
        yield f"    past: {backfill['windows_done']} windows done, {backfill['windows_left']} left{left}"
    if subject["trouble"]:
        yield f"    trouble: {subject['trouble']}"


def _project(project: Body) -> str:
    keys = ", ".join(project["keys"])
    searches = f"{project['searches_left']:,} of {project['searches_per_day']:,} searches"
    units = f"{project['units_left']:,} of {project['units_per_day']:,} units"
    return f"  project {project['id']} ({keys}): {searches} and {units} left until {project['resets_at_local']}"


def _moment(text: str | None, now: datetime) -> str:
    if text is None:
        return "not known"
    moment = datetime.fromisoformat(text)
    span = (moment - now).total_seconds()
    relative = f"in {duration(span)}" if span >= 0 else f"{duration(-span)} ago"
    return f"{moment.astimezone():%H:%M:%S} ({relative})"


def duration(seconds: float) -> str:
    """A span as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"
