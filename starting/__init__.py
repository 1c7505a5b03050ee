"""How a service starts, or says in one line why it cannot."""

from starting.opening import opening

__all__ = ["opening"]
