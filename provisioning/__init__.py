"""Makes once, before the services start, what they share: topics, index template and alias. Again changes nothing."""

from provisioning.engines import prepare_engines

__all__ = ["prepare_engines"]
