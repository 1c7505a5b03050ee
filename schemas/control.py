"""What people ask for: subjects to follow and API keys to use. Written by the query API, read by the producer."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from schemas.model import Contract
from schemas.text import CONTROL_CHARACTER
from schemas.times import UtcSecond

MAX_QUERY_LENGTH = 200
"""Characters. YouTube names no limit for `q`; longer ones are answered with nothing useful."""

DEFAULT_PAST = timedelta(days=7)
"""How far back a subject is followed when nobody says from when on."""

MAX_CHANNELS = 50
"""Channels that people may add to one subject."""

_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")


class SubjectError(ValueError):
    """A subject that cannot be followed; the text says what is wrong and what is accepted."""


def clean_query(query: str) -> str:
    """The query with its white space folded. Raises SubjectError when it cannot be followed."""
    text = " ".join(query.split())
    if not text:
        raise SubjectError("the query is empty: give the words to search YouTube for")
    if len(text) > MAX_QUERY_LENGTH:
        raise SubjectError(f"the query has {len(text)} characters: at most {MAX_QUERY_LENGTH} are accepted")
    if CONTROL_CHARACTER.search(text):
        raise SubjectError("the query holds a control character: only printable text is accepted")
    return text


def check_channel(channel: str) -> str:
    """The channel id without the white space around it. Raises SubjectError for what is none."""
    channel = channel.strip()
    if not _CHANNEL.fullmatch(channel):
        raise SubjectError("not a channel id: 'UC' and 22 letters, digits, '-' and '_' are accepted")
    return channel


def subject_id(query: str, channels: Iterable[str] = ()) -> str:
    """A stable, readable id: the same query, whatever its case and spacing, is the same subject.

    Only of a subject without a query the channels make the id, in whatever order they stand.

    >>> subject_id("Rust  Programming")
    'rust-programming-1fdd0a'
    """
    if not query.strip() and (given := sorted({check_channel(channel) for channel in channels})):
        digest = hashlib.sha256(" ".join(given).encode()).hexdigest()[:6]
        return f"{_slug(given[0].casefold())}-{digest}"
    text = clean_query(query).casefold()
    slug = _slug(text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{slug}-{digest}" if slug else digest


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")


class Subject(Contract):
    """Something people follow: every video that YouTube finds for `query`, published from `since` on.

    And every upload of `channels` that fits the query; without a query, every upload of them.
    """

    id: str
    query: str = Field(description="As YouTube's search takes it; empty for a subject of channels alone.")
    channels: tuple[str, ...] = Field(default=(), description="Channel ids that people added, sorted.")
    since: UtcSecond = Field(description="Videos published before are not looked for.")
    followed_at: UtcSecond

    @property
    def key(self) -> str:
        """Its key on the control topic and on the poll state."""
        return f"subject/{self.id}"


class Unfollowed(Contract):
    """A subject that is followed no more, and whose videos are to be removed where no other subject found them.

    It stands until none is left; while the subject is followed again it asks for nothing.
    """

    id: str = Field(description="The subject's.")
    unfollowed_at: UtcSecond

    @property
    def key(self) -> str:
        """Its key on the control topic."""
        return f"unfollowed/{self.id}"


class ApiKey(Contract):
    """A YouTube API key. The key itself is only ever stored encrypted."""

    id: str = Field(description="Keyed hash of the key: recognises it again without telling it.")
    project: str = Field(description="The Google Cloud project whose quota it spends; its own id when unknown.")
    encrypted: str = Field(description="Fernet token; the secret is never on the log.")
    masked: str = Field(description="What people are shown: the last four characters.")
    source: Literal["api", "environment"]
    added_at: UtcSecond
    check_asked_at: UtcSecond | None = Field(
        default=None, description="When a check of it was last asked for; refused before, it has another chance."
    )

    @property
    def asked_at(self) -> datetime:
        """Since when it waits to be checked: what was found out before counts no more."""
        return max(self.added_at, self.check_asked_at or self.added_at)

    @property
    def key(self) -> str:
        """Its key on the control topic and, for its health, on the poll state."""
        return f"api-key/{self.id}"


class KeyHealth(Contract):
    """What the producer found out about a key. Written by the producer, on the poll state."""

    id: str
    checked_at: UtcSecond | None = Field(default=None, description="When YouTube last accepted or refused it.")
    retired_at: UtcSecond | None = None
    retired_reason: str | None = Field(default=None, description="YouTube's reason and what to do about it.")
    project_number: str | None = Field(
        default=None, description="`projects/<number>` as YouTube names the project of the key in its errors."
    )

    def refuses(self, key: ApiKey) -> bool:
        """Whether YouTube refused the key since it was added or a check of it was asked for."""
        return self.retired_at is not None and self.retired_at >= key.asked_at

    def is_checked(self, key: ApiKey) -> bool:
        """Whether YouTube accepted or refused the key since it was added or a check of it was asked for."""
        return self.checked_at is not None and self.checked_at >= key.asked_at

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"api-key/{self.id}"
