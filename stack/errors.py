"""What can go wrong when a stack is started or stopped.

StackError            what happened, and what to do about it; its text is all a user is shown
├── RefusedError      nothing was done: a setting, a port or the data in DATA_DIR does not allow it
└── NotRunningError   the stack is not running, and what was asked needs it
"""


class StackError(Exception):
    """Something failed; the text says what, and what to do."""


class RefusedError(StackError):
    """Nothing was started or changed; the text names the setting that has to."""


class NotRunningError(StackError):
    """There is no running stack to ask."""
