"""What can go wrong with the log.

LogError
├── LogUnavailableError   the log cannot be reached now; the same call may succeed later
└── RecordRejectedError   the log will never take this record (too large, unknown topic, no key where one is needed)
"""


class LogError(Exception):
    """Base of everything the log raises."""


class LogUnavailableError(LogError):
    """The log cannot be reached now. Nothing is known of the records in flight: append them again."""


class RecordRejectedError(LogError):
    """The log will never take this record; the text names the record's topic and key and the reason."""
