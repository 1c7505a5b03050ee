"""What can go wrong before the services start.

ProvisioningError
├── PasswordError        a password is not the one that the data were made with, or cannot be kept
└── AccessRefusedError   Elasticsearch does not let in whoever makes its users
"""


class ProvisioningError(Exception):
    """Something cannot be prepared as it is set up; the text says what, and what to do."""


class PasswordError(ProvisioningError):
    """A password is not the one that the data were made with, or cannot be kept. The text holds none."""


class AccessRefusedError(ProvisioningError):
    """Elasticsearch does not let in whoever makes its users; the text says why, and what to do."""
