"""What can go wrong with the engines.

EngineError
├── EngineMissingError   the machine lacks something; the text names it and the command that installs it
└── EngineFailedError    the engine is there and did not start; the text names its log
"""


class EngineError(Exception):
    """Base of everything this package raises."""


class EngineMissingError(EngineError):
    """The engine cannot be had on this machine as it is.

    `reason` says what is missing, `remedy` which command or setting supplies it.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}. {remedy}")
        self.reason = reason
        self.remedy = remedy


class EngineFailedError(EngineError):
    """The engine was started and ended, or a preparation of its data failed."""
