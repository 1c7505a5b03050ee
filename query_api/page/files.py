"""Reads the page's files, once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_STATIC = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page. The ETag is weak, because what is sent may be compressed."""

    body: bytes
    media_type: str
    etag: str


def read_page() -> Mapping[str, PageFile]:
    """The files by their names."""
    return {path.name: _read(path) for path in sorted(_STATIC.iterdir()) if path.suffix in _MEDIA_TYPES}


def _read(path: Path) -> PageFile:
    body = path.read_bytes()
    return PageFile(body, _MEDIA_TYPES[path.suffix], f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')
