"""Brings what the settings wish for onto the control topic, and clears away the notes nobody needs any more."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import SecretStr

from key_vault import KeyVault
from observability import event_logger
from producer.keys import is_retired
from producer.quota import pacific_day
from producer.reach import VIDEOS, CallPurpose
from producer.settings import ProducerSettings
from producer.state import Control, Notebook
from producer.windows import SECOND
from schemas import ChannelProgress, KeyHealth, ProjectQuota, Subject, SubjectProgress, subject_id
from schemas.control import DEFAULT_PAST

logs = event_logger("producer")


_LEDGERS_KEPT = timedelta(days=2)


def follow_subjects(settings: ProducerSettings, control: Control, now: datetime) -> None:
    """Follows the subjects of `SUBJECTS` that are not followed yet.

    One that is followed already is only ever extended into the past, when `SUBJECTS_SINCE` is set to before its
    own `since`. Raises LogError.
    """
    since = settings.subjects_since
    for query in settings.subjects:
        known = control.subjects.get(subject_id(query))
        if known is None:
            subject = Subject(id=subject_id(query), query=query, since=since or now - DEFAULT_PAST, followed_at=now)
        elif since is not None and since < known.since:
            subject = known.model_copy(update={"since": since})
        else:
            continue
        control.write(subject)
        logs.info("subject_followed", subject=subject.id, query=subject.query, since=subject.since.isoformat())


def bring_keys(
    settings: ProducerSettings, vault: KeyVault, control: Control, notebook: Notebook, now: datetime
) -> None:
    """Adds the keys of `YOUTUBE_API_KEYS`, and removes those that came from there and are there no more.

    A key that was retired gets another chance: whoever restarts may have mended what was wrong. Raises LogError.
    """
    given = {vault.recognise(key.get_secret_value()): key for key in settings.youtube_api_keys}
    for key_id, secret in given.items():
        known, health = control.keys.get(key_id), notebook.health.get(key_id)
        if known is None or (known.source == "environment" and is_retired(known, health)):
            _add(secret, vault, control, _after_retirement(health, now))
    for known in control.keys.values():
        if known.source == "environment" and known.id not in given:
            control.remove(known)
            logs.info("key_removed", key=known.masked, reason="it is no longer in YOUTUBE_API_KEYS")


def forget_the_unwanted(control: Control, notebook: Notebook, now: datetime) -> None:
    """Removes the notes on subjects that are followed no more, on keys that are gone and on days long past.

    Raises LogError.
    """
    unwanted: list[SubjectProgress | KeyHealth | ProjectQuota] = [
        *(note for note in notebook.progress.values() if note.id not in control.subjects),
        *(note for note in notebook.health.values() if note.id not in control.keys),
        # A ledger of today counts on: its key may be added again.
        *(note for note in notebook.quotas.values() if note.day < pacific_day(now) - _LEDGERS_KEPT),
    ]
    for note in unwanted:
        notebook.forget(note)
        logs.info("notes_removed", of=note.key)


def still_asked(control: Control, notebook: Notebook, *, has_key: bool) -> Callable[[CallPurpose], bool]:
    """Whether something that YouTube was asked for is still wanted. Without a usable key nothing is asked."""
    added = (ChannelProgress(id=channel) for subject in control.subjects.values() for channel in subject.channels)
    channels = {channel.key for channel in (*notebook.channels.values(), *added)}
    subjects = {subject.key for subject in control.subjects.values()}
    keys = {VIDEOS.key, *channels, *subjects, *(key.key for key in control.keys.values())} if has_key else set()
    return lambda asked: asked.key in keys


def _after_retirement(health: KeyHealth | None, now: datetime) -> datetime:
    """When a key counts as added, so that it was not retired since: `now`, whatever the clock said back then."""
    retired_at = health.retired_at if health else None
    return now if retired_at is None else max(now, retired_at + SECOND)


def _add(secret: SecretStr, vault: KeyVault, control: Control, now: datetime) -> None:
    key = vault.seal(secret.get_secret_value(), source="environment", added_at=now)
    control.write(key)
    logs.info("key_added", key=key.masked, source="YOUTUBE_API_KEYS")
