"""How librdkafka is told to be let in (https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md)."""

from schemas.access import KafkaAccess

OPEN = KafkaAccess()
"""To a cluster that lets everyone in."""


def client_security(access: KafkaAccess) -> dict[str, str]:
    """The settings of every client. Without a file of authorities, librdkafka looks where systems keep theirs."""
    settings = {
        "security.protocol": access.protocol,
        "sasl.mechanism": access.mechanism,
        "sasl.username": access.username,
        "sasl.password": None if access.password is None else access.password.get_secret_value(),
        "ssl.ca.location": None if access.ca_file is None else str(access.ca_file),
    }
    return {name: value for name, value in settings.items() if value is not None}
