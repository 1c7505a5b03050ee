"""How a service starts, or says in one line why it cannot."""

from starting.access import check_access
from starting.opening import opening

__all__ = ["check_access", "opening"]
