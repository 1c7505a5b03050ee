"""How often each client may do something."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from query_api.problems import ProblemError

_MOST_CLIENTS = 10_000
"""That are remembered: an entry is about 200 bytes. The one that was quiet for longest is forgotten first."""


class Rate:
    """Lets each client do something so often: `per_second` times on average, `burst` times at once.

    The generic cell rate algorithm (ITU-T I.371), which needs one number a client: when what it did so far would be
    over at the average pace. `per_second` 0 lets everything through. Belongs to the event loop.
    """

    def __init__(
        self, per_second: float, burst: float, *, what: str, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval_s = 1 / per_second if per_second else 0.0
        # Half a turn more than it takes, so that rounding refuses nobody.
        self._burst = max(burst, 1)
        self._tolerance_s = self._interval_s * (self._burst - 0.5)
        self._what = what
        self._monotonic_s = monotonic_s
        self._over_at: OrderedDict[str, float] = OrderedDict()

    def check(self, client: str) -> None:
        """Raises ProblemError, which says when to try again, unless the client may do it once more."""
        if not self._interval_s:
            return
        early_s = self._over_at.get(_network(client), 0.0) - self._tolerance_s - self._monotonic_s()
        if early_s > 0:
            seconds = math.ceil(early_s)
            raise ProblemError(
                429,
                f"too many {self._what} from this address: try again in {seconds} s",
                headers={"Retry-After": str(seconds)},
            )

    def count(self, client: str, times: float = 1) -> None:
        """Notes that the client did it, or what costs as much as doing it so many times.

        At most `burst` count, so that a client waits for no more than those, whatever it did.
        """
        if not self._interval_s or not times:
            return
        network = _network(client)
        takes_s = self._interval_s * min(times, self._burst)
        self._over_at[network] = max(self._over_at.get(network, 0.0), self._monotonic_s()) + takes_s
        self._over_at.move_to_end(network)
        if len(self._over_at) > _MOST_CLIENTS:
            self._over_at.popitem(last=False)


def _network(client: str) -> str:
    """Of IPv6 the half that a network is given: a client has all addresses of it."""
    if ":" not in client:
        return client
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
