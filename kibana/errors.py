"""What can go wrong between the product and Kibana.

KibanaError
├── KibanaAwayError       it does not answer yet, or not now; the same call may succeed later
├── AccessRefusedError    it does not let this service in; the text names the settings
├── ImportRefusedError    it refuses objects of the file, or the file; the text says which, and what to do
└── HealthNotKeptError    a minute of the pipeline's health could not be written
"""


class KibanaError(Exception):
    """Base of everything that is raised here."""


class KibanaAwayError(KibanaError):
    """Kibana does not answer yet, or not now; the same call may succeed later."""


class AccessRefusedError(KibanaError):
    """Kibana does not let this service in; the text names the settings."""


class ImportRefusedError(KibanaError):
    """Kibana refuses objects of the file, or the file; the text says which, and what to do."""


class HealthNotKeptError(KibanaError):
    """A minute of the pipeline's health could not be written; the next one may be."""
