"""What people ask for: subjects to follow and API keys to use. Written by the query API, read by the producer."""

import hashlib
import re
import unicodedata
from typing import Literal

from pydantic import Field

from schemas.model import Contract
from schemas.times import UtcSecond

MAX_QUERY_LENGTH = 200
"""Characters. YouTube names no limit for `q`; longer ones are answered with nothing useful."""

_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class SubjectError(ValueError):
    """A subject that cannot be followed; the text says what is wrong and what is accepted."""


def clean_query(query: str) -> str:
    """The query with its white space folded. Raises SubjectError when it cannot be followed."""
    text = " ".join(query.split())
    if not text:
        raise SubjectError("the query is empty: give the words to search YouTube for")
    if len(text) > MAX_QUERY_LENGTH:
        raise SubjectError(f"the query has {len(text)} characters: at most {MAX_QUERY_LENGTH} are accepted")
    if _CONTROL_CHARACTER.search(text):
        raise SubjectError("the query holds a control character: only printable text is accepted")
    return text


def subject_id(query: str) -> str:
    """A stable, readable id: the same query, whatever its case and spacing, is the same subject.

    >>> subject_id("Rust  Programming")
    'rust-programming-1fdd0a'
    """
    text = clean_query(query).casefold()
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{slug}-{digest}" if slug else digest


class Subject(Contract):
    """Something people follow: every video that YouTube finds for `query`, published from `since` on."""

    id: str
    query: str
    since: UtcSecond = Field(description="Videos published before are not looked for.")
    followed_at: UtcSecond

    @property
    def key(self) -> str:
        """Its key on the control topic and on the poll state."""
        return f"subject/{self.id}"


class ApiKey(Contract):
    """A YouTube API key. The key itself is only ever stored encrypted."""

    id: str = Field(description="Keyed hash of the key: recognises it again without telling it.")
    project: str = Field(description="The Google Cloud project whose quota it spends; its own id when unknown.")
    encrypted: str = Field(description="Fernet token; the secret is never on the log.")
    masked: str = Field(description="What people are shown: the last four characters.")
    source: Literal["api", "environment"]
    added_at: UtcSecond

    @property
    def key(self) -> str:
        """Its key on the control topic and, for its health, on the poll state."""
        return f"api-key/{self.id}"


class KeyHealth(Contract):
    """What the producer found out about a key. Written by the producer, on the poll state."""

    id: str
    retired_at: UtcSecond | None = None
    retired_reason: str | None = Field(default=None, description="YouTube's reason and what to do about it.")

    def refuses(self, key: ApiKey) -> bool:
        """Whether YouTube refused the key since it was added: adding it again gives it another chance."""
        return self.retired_at is not None and self.retired_at >= key.added_at

    @property
    def key(self) -> str:
        """Its key on the poll state."""
        return f"api-key/{self.id}"
