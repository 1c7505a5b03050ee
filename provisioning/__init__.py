"""Makes once, before the services start, what they share: passwords and users, topics, index template and alias.

Again changes nothing. Containers that end do it; with other engines the services make topics and index themselves.
"""

from provisioning.engines import prepare_engines
from provisioning.errors import AccessRefusedError, PasswordError, ProvisioningError
from provisioning.passwords import PasswordFiles
from provisioning.users import prepare_users

__all__ = [
    "AccessRefusedError",
    "PasswordError",
    "PasswordFiles",
    "ProvisioningError",
    "prepare_engines",
    "prepare_users",
]
