"""Posts to webhooks: signed, to public addresses only, straight to the address that was checked.

WebhookError
├── WebhookRefusedError   an address that is not accepted; the text says what is
└── WebhookFailedError    this attempt failed; another may succeed

No text holds the address, whose path may be a secret.
"""

import hashlib
import hmac
import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from query_api.deadline import Deadline

_TIMEOUT_S = 10.0
_LONGEST_ADDRESS = 2_000
_HIGHEST_PORT = 65_535
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is given to anybody (https://www.iana.org/assignments/ipv6-address-space)."""
_DOCUMENTATION = IPv6Network("3fff::/20")
"""RFC 9637, which `ipaddress` of older Pythons takes for global."""

ACCEPTED = "https://, a host with public addresses only, and no user or password; up to 2000 characters"


class WebhookError(Exception):
    """Base of what goes wrong with a webhook."""


class WebhookRefusedError(WebhookError):
    """An address that is not accepted."""


class WebhookFailedError(WebhookError):
    """An attempt that failed."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """`t=<seconds since 1970>,v1=<hex>`, where hex is the HMAC-SHA-256 of `<t>.<body>` with the secret.

    The receiver compares it in constant time and refuses an old timestamp, as with Stripe's
    (https://docs.stripe.com/webhooks#verify-manually).
    """
    digest = hmac.new(secret.encode(), b"%d.%b" % (timestamp, body), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Webhooks:
    """The way out. `allow_private`: loopback, private and link-local addresses too, and plain http.

    `look_up` gives the addresses of a host, or raises OSError. A webhook has `timeout_s` for its whole answer.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        look_up: Callable[[str, int], list[str]] = look_up,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._timeout_s = timeout_s
        self._allow_private = allow_private
        self._look_up = look_up
        # Not a client, which logs whole addresses and goes by what the environment says of proxies. A connection is
        # used once: it is known by its address alone, and another name there has another certificate.
        self._transport = httpx.HTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    def check(self, address: str) -> str:
        """The origin of an address that is accepted. Raises WebhookRefusedError."""
        url = self._parsed(address)
        try:
            self._resolve(url)
        except WebhookFailedError as error:
            raise WebhookRefusedError(str(error)) from None
        return f"{url.scheme}://{url.netloc.decode()}"

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Posts JSON. Raises WebhookFailedError unless the answer is one of 200 to 299.

        Also when the name has come to mean another address that is not accepted, which may pass.
        """
        try:
            url = self._parsed(address)
            addresses = self._resolve(url)
        except WebhookRefusedError as error:
            raise WebhookFailedError(str(error)) from None
        with Deadline(self._timeout_s) as deadline:
            for each in addresses[:-1]:
                try:
                    return self._post(url, each, body, headers, deadline)
                except _UnreachableError:
                    continue
            return self._post(url, addresses[-1], body, headers, deadline)

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()

    def _parsed(self, address: str) -> httpx.URL:
        schemes = ("https", "http") if self._allow_private else ("https",)
        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, UnicodeError):
            raise WebhookRefusedError("is not an address") from None
        if (
            url.scheme not in schemes
            or not url.host
            or url.userinfo
            or len(address) > _LONGEST_ADDRESS
            or not 0 < (1 if url.port is None else url.port) <= _HIGHEST_PORT
        ):
            raise WebhookRefusedError("is not an address that is accepted")
        return url

    def _resolve(self, url: httpx.URL) -> list[str]:
        """The addresses of the host, each of which is accepted."""
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = self._look_up(url.raw_host.decode(), port)
        except (OSError, UnicodeError):
            raise WebhookFailedError("the host has no address that can be found") from None
        if not self._allow_private and not all(is_public(ip_address(each)) for each in addresses):
            raise WebhookRefusedError(
                "the host has an address that is not public, which ALLOW_PRIVATE_WEBHOOKS allows"
            )
        return addresses

    def _post(
        self, url: httpx.URL, address: str, body: bytes, headers: Mapping[str, str], deadline: Deadline
    ) -> None:
        request = httpx.Request(
            "POST",
            url.copy_with(host=address, fragment=None),
            content=body,
            headers={
                "Host": url.netloc.decode(),
                "Content-Type": "application/json",
                "User-Agent": "topicreel",
                **headers,
            },
            # The certificate has to be the name's, which is asked for as well.
            extensions={
                "timeout": httpx.Timeout(deadline.left_s()).as_dict(),
                "sni_hostname": url.raw_host.decode(),
                "trace": deadline.trace,
            },
        )
        try:
            answer = self._transport.handle_request(request)
            answer.close()
        except httpx.HTTPError as error:
            if isinstance(error, httpx.TimeoutException) or not deadline.left_s():
                raise WebhookFailedError(f"gave no answer within {self._timeout_s:g} s") from None
            if isinstance(error, httpx.ConnectError):
                raise _UnreachableError("cannot be reached") from None
            raise WebhookFailedError(f"gave no answer that can be read ({type(error).__name__})") from None
        if not answer.is_success:
            raise WebhookFailedError(f"answered {answer.status_code}")


class _UnreachableError(WebhookFailedError):
    """Nothing was sent yet: another address of the host may be tried."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet may have this address; one that stands for another is as public as that."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        if address not in _GLOBAL_UNICAST or address in _DOCUMENTATION:
            return False
    return address.is_global and not address.is_multicast
