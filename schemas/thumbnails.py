"""Thumbnails of a video, as YouTube gives them."""

from typing import Annotated, Any

import orjson
from pydantic import AfterValidator


def _that_come_back(thumbnails: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    # What a reader of the stored document could not read, or would read as something else.
    try:
        back = orjson.loads(orjson.dumps(thumbnails))
    except TypeError as error:
        raise ValueError(f"cannot be stored: {error}") from None
    if back != thumbnails:
        raise ValueError("cannot be stored: infinity is no number of JSON")
    return thumbnails


Thumbnails = Annotated[dict[str, dict[str, Any]], AfterValidator(_that_come_back)]
"""A model field: by the names of sizes, of which YouTube may add others, each with what YouTube says of it.

Refused are numbers of more than 64 bits, and those that are none.
"""
