"""Who asks, as far as an address tells."""

from starlette.types import Scope


def client_of(scope: Scope) -> str:
    """The address that the request came from.

    Behind a gateway of TRUSTED_PROXIES the server has put the one in its place that the gateway tells.
    """
    client = scope.get("client")
    return client[0] if client else "unknown"
