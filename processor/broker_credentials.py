"""How Faust is told to be let in by Kafka."""

import ssl

import faust

from schemas.access import KafkaAccess


def broker_credentials(access: KafkaAccess) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """What Faust's `broker_credentials` takes; None for a broker that lets everyone in."""
    context = ssl.create_default_context(cafile=access.ca_file) if access.encrypted else None
    if access.authenticated:
        return faust.SASLCredentials(
            username=access.username,
            password=None if access.password is None else access.password.get_secret_value(),
            mechanism=access.mechanism,
            ssl_context=context,
        )
    return None if context is None else faust.SSLCredentials(context)
