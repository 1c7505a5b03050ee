"""The log the parts talk through: one interface, Kafka and an embedded SQLite file behind it."""

from event_log.errors import LogAccessError, LogError, LogUnavailableError, OwnershipLostError, RecordRejectedError
from event_log.interface import Consumer, EventLog, NewRecord, Ownership, Positions, Reader, Record
from event_log.open import open_log
from event_log.table import Table

__all__ = [
    "Consumer",
    "EventLog",
    "LogAccessError",
    "LogError",
    "LogUnavailableError",
    "NewRecord",
    "Ownership",
    "OwnershipLostError",
    "Positions",
    "Reader",
    "Record",
    "RecordRejectedError",
    "Table",
    "open_log",
]
