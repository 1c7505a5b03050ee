"""Saved objects, which is how Kibana keeps everything that people make in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CORE_VERSION = "8.8.0"
"""Of the envelope of all objects; the newest there is (Kibana's sample data, 8.19 and 9.x)."""

TYPE_VERSIONS = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "visualization": "8.0.0",
    "lens": "8.9.0",
    "dashboard": "10.2.0",
}
"""How attributes are written, by type. Without a version every migration ever written is run on them, which breaks
Lens; with one that is newer than the Kibana that reads it, the object is refused. These are old enough for 8.19."""


@dataclass(frozen=True, slots=True)
class Reference:
    """That one object needs another one, by a name that its attributes use."""

    name: str
    type: str
    id: str

    def to_json(self) -> dict[str, str]:
        """As it stands in an import file."""
        return {"name": self.name, "type": self.type, "id": self.id}


@dataclass(frozen=True, slots=True)
class SavedObject:
    """An object with an id that never changes, so that importing it again replaces it."""

    type: str
    id: str
    attributes: Mapping[str, Any]
    references: tuple[Reference, ...] = ()

    def refer(self, name: str) -> Reference:
        """A reference to this object."""
        return Reference(name, self.type, self.id)

    def to_json(self) -> dict[str, Any]:
        """As it stands in an import file."""
        return {
            "type": self.type,
            "id": self.id,
            "attributes": dict(self.attributes),
            "references": [reference.to_json() for reference in self.references],
            "coreMigrationVersion": CORE_VERSION,
            "typeMigrationVersion": TYPE_VERSIONS[self.type],
            "managed": False,
        }


def packed(value: object) -> str:
    """JSON within a string, as Kibana keeps what only its browser side reads."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
