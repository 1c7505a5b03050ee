"""Why a container does not come up, from what it and the engine say of it. Pure.

The texts are those of Elasticsearch (NodeMetadata, BootstrapChecks), Kafka (MetadataVersion, MetaPropertiesEnsemble)
and the JVM.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_KEPT = "Its data are as they were."
_ANOTHER_VERSION = (
    "its volume was written by another version. {kept} Start it with the version that wrote them (the image in "
    "docker-compose.yml), or with another DATA_DIR; what is there can be removed with make clean"
)
_KNOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"cannot (?:downgrade|upgrade) a node (?:from|with metadata) version \[[^\]]+\][^\"\n]*"),
        _ANOTHER_VERSION,
    ),
    (re.compile(r"No MetadataVersion with feature level \d+"), _ANOTHER_VERSION),
    (re.compile(r"UnsupportedVersionException: Can't read version \d+ of \w+"), _ANOTHER_VERSION),
    (
        re.compile(r"Invalid cluster\.id in: \S+"),
        "its volume belongs to another cluster. {kept} Bring back the CLUSTER_ID of docker-compose.yml that made it, "
        "or use another DATA_DIR",
    ),
    (
        re.compile(r"max virtual memory areas vm\.max_map_count \[\d+\][^\"\n]*"),
        "the kernel allows it too few memory maps: sudo sysctl -w vm.max_map_count=262144 (and in /etc/sysctl.conf, "
        "to keep it so)",
    ),
    (re.compile(r"No space left on device"), "the disk is full. {kept} Make room; it goes on by itself"),
    (
        re.compile(r"OutOfMemoryError[^\n\"]*|insufficient memory for the Java Runtime[^\n\"]*"),
        "it has too little memory: free some, or give Docker more (Docker Desktop: Settings, Resources)",
    ),
    (
        re.compile(r"returned error: 401"),
        "it refuses the password of its user elastic, which is not the one that its data were made with, or was "
        "changed since. {kept} Put the first one back where ELASTIC_PASSWORD is set",
    ),
)
_REASON = re.compile(r'cannot_start(?:_now)? reason="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Container:
    """What the engine knows of a container, and the end of its log."""

    service: str
    state: Mapping[str, Any]
    log: str

    @property
    def well(self) -> bool:
        """Whether it runs and answers, or has done its work."""
        if self.state.get("Status") == "exited":
            return self.state.get("ExitCode") == 0
        health = (self.state.get("Health") or {}).get("Status", "healthy")
        return self.state.get("Status") == "running" and health == "healthy" and not self.state.get("Restarting")

    @property
    def ill(self) -> bool:
        """Whether it was started and does not come up; where it never was, something else is the matter."""
        return not self.well and self.state.get("Status") != "created"


def unwell(containers: Iterable[Container]) -> list[str]:
    """The services of containers that do not come up, whether it is known why or not."""
    return sorted({each.service for each in containers if each.ill})


def reasons(containers: Iterable[Container]) -> list[str]:
    """A line for each container that does not come up for a reason that is known."""
    found = ((each.service, _reason(each)) for each in containers if each.ill)
    return [f"{service} does not come up: {reason}" for service, reason in found if reason]


def _reason(container: Container) -> str | None:
    if container.state.get("OOMKilled"):
        return "it took more memory than mem_limit in docker-compose.yml allows, and was ended by the kernel"
    own = _REASON.findall(container.log)
    if own:
        return str(json.loads(f'"{own[-1]}"'))
    checks = (container.state.get("Health") or {}).get("Log") or []
    said = "\n".join([container.log, *(str(check.get("Output", "")) for check in checks)])
    for pattern, advice in _KNOWN:
        match = pattern.search(said)
        if match:
            return f"{advice.format(kept=_KEPT)} ({match.group().strip()})"
    return None
