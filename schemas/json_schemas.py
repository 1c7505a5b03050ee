"""The contracts as JSON Schema, for readers of the topics in other languages. Written to `schemas/json/`."""

from pathlib import Path
from typing import Any

import orjson

from schemas.alerts import Alert, AlertProgress
from schemas.control import ApiKey, KeyHealth, Subject, Unfollowed
from schemas.dead_letter import DeadLetter
from schemas.model import Contract
from schemas.poll_state import ChannelProgress, ProjectQuota, SubjectProgress
from schemas.raw import LookupContext, RawContext, SearchItem
from schemas.status import ProducerStatus
from schemas.video import Video

DIRECTORY = Path(__file__).parent / "json"

_CONTRACTS: dict[str, type[Contract]] = {
    "raw-item": SearchItem,
    "raw-context": RawContext,
    "lookup-context": LookupContext,
    "video": Video,
    "dead-letter": DeadLetter,
    "subject": Subject,
    "unfollowed": Unfollowed,
    "api-key": ApiKey,
    "key-health": KeyHealth,
    "subject-progress": SubjectProgress,
    "channel-progress": ChannelProgress,
    "project-quota": ProjectQuota,
    "producer-status": ProducerStatus,
    "alert": Alert,
    "alert-progress": AlertProgress,
}


def json_schemas() -> dict[str, bytes]:
    """File name and content of every schema."""
    return {f"{name}.schema.json": _encoded(model) for name, model in _CONTRACTS.items()}


def _encoded(model: type[Contract]) -> bytes:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(mode="serialization" if model is Video else "validation"),
    }
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
