"""What Kibana's answer to an import means. Pure.

https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
"""

import json
from typing import Any

from kibana.errors import AccessRefusedError, ImportRefusedError, KibanaAwayError

_AWAY = {408, 429, 500, 502, 503, 504}
_TOLD_CHARACTERS = 300


def imported(status: int, body: bytes) -> int:
    """How many objects were imported: all of the file. Raises KibanaError."""
    if status in _AWAY:
        raise KibanaAwayError(f"Kibana does not answer yet ({status}): {_message(body)}")
    if status in (401, 403):
        raise AccessRefusedError(
            f"Kibana does not let this service in ({status}). Set KIBANA_API_KEY, or KIBANA_USERNAME and "
            "KIBANA_PASSWORD, of someone who may manage saved objects"
        )
    if 300 <= status < 400 or status == 404:
        raise ImportRefusedError(
            f"what answers at KIBANA_URL is not Kibana's own address ({status}): give that, with its base path if any"
        )
    answer = _read(body)
    if status != 200 or answer is None:
        raise ImportRefusedError(f"Kibana refuses the file ({status}): {_message(body)}")
    if not answer.get("success"):
        raise ImportRefusedError("; ".join(_told(each) for each in answer.get("errors", [])) or _message(body))
    return int(answer.get("successCount", 0))


def _told(failure: dict[str, Any]) -> str:
    name = f"{failure.get('type')} {failure.get('id')}"
    error = failure.get("error", {})
    match error.get("type"):
        case "missing_references":
            missing = ", ".join(f"{each['type']} {each['id']}" for each in error.get("references", []))
            return f"{name} needs {missing}, which is neither in the file nor in Kibana: import the whole file"
        case "conflict" | "ambiguous_conflict":
            return f"{name} is there already, and is not this one: remove or rename it in Kibana"
        case "unsupported_type":
            return f"{name} is of a type that this Kibana does not know: a version from 8.19 on is needed"
    return f"{name}: {error.get('message') or error.get('type') or 'no reason given'}"


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _message(body: bytes) -> str:
    answer = _read(body) or {}
    text = answer.get("message") or body.decode("utf-8", "replace")
    return " ".join(str(text).split())[:_TOLD_CHARACTERS]
