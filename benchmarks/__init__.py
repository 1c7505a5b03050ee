"""Measures speed and memory, each figure beside something else measured in the same run."""
