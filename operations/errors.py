"""What can go wrong with an operation; each text says what state it left, and what to do.

OperationError
├── BusyError       another operation is under way on the same log
├── LostError       another took over meanwhile, as after this machine was asleep
├── RefusedError    what is asked for would overwrite something, or cannot be done as things are
└── FailedError     it was given up, and the pipeline goes on as before
"""


class OperationError(Exception):
    """Base of everything an operation raises."""


class BusyError(OperationError):
    """Another operation is under way on the same log."""


class LostError(OperationError):
    """Another took over meanwhile; nothing that this one does counts any more."""


class RefusedError(OperationError):
    """Nothing was done: it would overwrite something, or cannot be done as things are."""


class FailedError(OperationError):
    """It was given up, and the pipeline goes on as before."""
