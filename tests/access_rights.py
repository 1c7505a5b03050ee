"""The access rights that `docs/managed-engines.md` lists, as access control lists."""

from pathlib import Path

from confluent_kafka.admin import AclOperation, ResourcePatternType, ResourceType

from tests.guarded_kafka import Allowed

_DOCUMENT = Path(__file__).parent.parent / "docs" / "managed-engines.md"
_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional id": ResourceType.TRANSACTIONAL_ID,
}
_OPERATIONS = {
    "Create": AclOperation.CREATE,
    "Describe": AclOperation.DESCRIBE,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
    "Read": AclOperation.READ,
    "Write": AclOperation.WRITE,
}


def documented_rights() -> dict[str, list[Allowed]]:
    """What each service may do, by its name."""
    section = _DOCUMENT.read_text().partition("## Access rights on Kafka")[2].partition("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in section.splitlines() if line[:1] == "|"]
    rights: dict[str, list[Allowed]] = {}
    for service, resource, name, operations in rows[2:]:
        pattern = ResourcePatternType.PREFIXED if name.endswith("*") else ResourcePatternType.LITERAL
        asked = tuple(_OPERATIONS[each] for each in operations.split(", "))
        allowed = Allowed(_RESOURCES[resource], name.removesuffix("*"), asked, pattern)
        rights.setdefault(service, []).append(allowed)
    return rights
