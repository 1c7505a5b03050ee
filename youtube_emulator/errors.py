"""What can keep the emulator from starting.

EmulatorError
├── CatalogueError     the catalogue cannot be used
├── OptionsError       options do not go together
├── QuotaFileError     the file with the quota used cannot be read or written
└── PortError          nothing can listen on the port
"""


class EmulatorError(Exception):
    """Base of what ends the program; the text is one line that says what is wrong and what is accepted."""

    exit_code = 2


class CatalogueError(EmulatorError):
    """The catalogue is missing, not legible, or holds a line that is no video."""


class OptionsError(EmulatorError):
    """An option lacks what it needs."""


class QuotaFileError(EmulatorError):
    """The file with the quota used holds something else, or cannot be read or written."""


class PortError(EmulatorError):
    """The port is in use, or may not be used."""

    exit_code = 1
