"""Makes clients of Elasticsearch."""

import ssl
from typing import Any

from elasticsearch import Elasticsearch, OrjsonSerializer

from schemas.access import ElasticsearchAccess

DEFAULT_URL = "http://localhost:9200"
OPEN = ElasticsearchAccess()
"""To a node where security is off."""


def connect(url: str, access: ElasticsearchAccess, *, timeout_s: float) -> Elasticsearch:
    """A client that asks once: `timeout_s` bounds each request, and callers retry."""
    credentials: dict[str, Any] = {}
    if access.api_key is not None:
        credentials["api_key"] = access.api_key.get_secret_value()
    elif access.username is not None and access.password is not None:
        credentials["basic_auth"] = (access.username, access.password.get_secret_value())
    if url.startswith("https://"):
        # The client's own default are authorities that come with a package, not those of the system.
        credentials["ssl_context"] = ssl.create_default_context(cafile=access.ca_file)
    return Elasticsearch(
        url,
        **credentials,
        request_timeout=timeout_s,
        max_retries=0,
        retry_on_timeout=False,
        serializer=OrjsonSerializer(),
    )
