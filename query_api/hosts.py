"""Under which names the service answers: a page whose name was made to point here must not get inside."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from query_api.settings import ApiSettings


def is_accepted(host: str, settings: ApiSettings) -> bool:
    """Whether a request with this Host header is answered.

    An address cannot be made to point elsewhere, as a name can: where others may reach the service, any is accepted.
    """
    name = (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()
    address = _address(name.strip("[]"))
    if address is not None:
        return address.is_loopback or not settings.on_loopback
    return name == "localhost" or name.rstrip(".") in settings.names


@lru_cache(maxsize=256)
def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
