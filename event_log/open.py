"""Picks the log that the settings ask for."""

from event_log.interface import EventLog
from schemas.settings import CommonSettings

EMBEDDED_FILE = "log.sqlite"
DEFAULT_BROKER = "localhost:9092"


def open_log(settings: CommonSettings) -> EventLog:
    """The embedded log in `DATA_DIR`, or Kafka at `KAFKA_BOOTSTRAP_SERVERS`.

    Only the client library that is needed is imported, which keeps the embedded stack's start short.
    """
    if settings.embedded:
        from event_log.embedded import EmbeddedLog  # noqa: PLC0415

        return EmbeddedLog(settings.data_dir / EMBEDDED_FILE)
    from event_log.kafka import KafkaLog  # noqa: PLC0415
    from event_log.kafka_topics import TopicLayout  # noqa: PLC0415

    return KafkaLog(
        settings.kafka_bootstrap_servers or DEFAULT_BROKER,
        settings.kafka_access,
        layout=TopicLayout(
            settings.kafka_partitions, settings.kafka_replication_factor, settings.kafka_min_insync_replicas
        ),
    )
