"""Makes clients of Elasticsearch, and recognises that it does not let them in."""

import ssl
from typing import Any

from elastic_transport import Urllib3HttpNode
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, SSLError

from schemas.access import ElasticsearchAccess
from video_index.elasticsearch_node import PlainHttpNode

DEFAULT_URL = "http://localhost:9200"
OPEN = ElasticsearchAccess()
"""To a node where security is off."""


def connect(url: str, access: ElasticsearchAccess, *, timeout_s: float) -> Elasticsearch:
    """A client that asks once: `timeout_s` bounds each request, and callers retry.

    Over TLS it bounds each wait for a piece of the answer, as urllib3 counts.
    """
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
        node_class=PlainHttpNode if url.startswith("http://") else Urllib3HttpNode,
    )


def refusal(error: Exception, given_by: str) -> str | None:
    """What the error says about being let in, and what to do, if that is what it is about.

    `given_by` are the settings that the client's credentials come from.
    """
    if isinstance(error, ApiError) and error.status_code in (401, 403):
        return f"Elasticsearch refuses {given_by} ({error.status_code}): {error.error}"
    reason = str(error.message) if isinstance(error, SSLError) else ""
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return (
            f"Elasticsearch's certificate is not trusted ({reason}): set ELASTICSEARCH_CA_FILE to the authority that "
            "signed it, and ELASTICSEARCH_URL to a name that it holds"
        )
    if "WRONG_VERSION_NUMBER" in reason:
        return f"Elasticsearch speaks no TLS at that port ({reason}): set ELASTICSEARCH_URL to one with http://"
    return None  # a connection that broke off is no refusal
