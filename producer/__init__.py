"""Follows subjects on YouTube: polls its search, spends quota wisely, publishes every raw result to the log."""

from producer.service import run
from producer.settings import ProducerSettings

__all__ = ["ProducerSettings", "run"]
