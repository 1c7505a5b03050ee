"""What can go wrong with the log.

LogError
├── LogUnavailableError   the log cannot be reached now; the same call may succeed later
│   └── LogAccessError    the log does not let this service in as it is set up
├── OwnershipLostError    another process has taken over the work that the record belongs to
└── RecordRejectedError   the log will never take this record (too large, unknown topic, no key where one is needed)
"""


class LogError(Exception):
    """Base of everything the log raises."""


class LogUnavailableError(LogError):
    """The log cannot be reached now. Nothing is known of the records in flight: append them again."""


class LogAccessError(LogUnavailableError):
    """The log does not let this service in as it is set up; the text names the settings. It may be the log's side
    that is corrected, so a service that runs goes on trying."""


class OwnershipLostError(LogError):
    """Another process has taken over, or may have: nothing of what was to be written can be read by anybody."""


class RecordRejectedError(LogError):
    """The log will never take this record; the text names the record's topic and key and the reason."""
