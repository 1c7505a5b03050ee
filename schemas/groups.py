"""Names under which processes share work on the log, the same on every log."""

PROCESSOR_GROUP = "processor"
"""The consumer group of those that process records."""

PRODUCER_OWNERSHIP = "producer"
"""What the producer that works owns."""
