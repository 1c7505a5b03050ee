"""The `Link` header (RFC 8288): where the first page is, the one before, and the next."""

from urllib.parse import urlencode

from query_api.parameters import MAX_REACH, SearchParameters


def links(asked: SearchParameters, *, has_next: bool, cursor: str | None = None) -> str:
    """Targets are relative to the host. A page behind a cursor has one before it too, but nobody knows where."""
    targets = {"first": _target(asked)}
    if asked.page is not None and asked.page > 1:
        targets["prev"] = _target(asked, page=asked.page - 1)
    if has_next and asked.page is None:
        targets["next"] = _target(asked, cursor=cursor)
    elif has_next and asked.page is not None and (asked.page + 1) * asked.limit <= MAX_REACH:
        targets["next"] = _target(asked, page=asked.page + 1)
    return ", ".join(f'<{target}>; rel="{relation}"' for relation, target in targets.items())


def _target(asked: SearchParameters, **place: object) -> str:
    kept = {name: value for name, value in asked.given.items() if name not in ("page", "cursor")}
    query = urlencode({**kept, **place})
    return f"{asked.path}?{query}" if query else asked.path
