"""How long to wait before something that failed is tried again."""

from waiting.patience import Patience, StoppedError

__all__ = ["Patience", "StoppedError"]
