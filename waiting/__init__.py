"""How long to wait before something that failed is tried again."""

from waiting.backoff import Backoff
from waiting.patience import Patience, StoppedError

__all__ = ["Backoff", "Patience", "StoppedError"]
