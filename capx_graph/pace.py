"""How often somebody may do a thing, and who counts as one: a sliding window for each, kept in memory. Leaf.

A restart forgets it and a second process has its own; it holds off a runaway script, not an attacker with a network.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

_MOST_CLIENTS = 10_000


def customer(address: str) -> str:
    """Whom an address stands for when something is counted: itself, of IPv6 the network (/64) that one customer has.

    What is no address (a test's, a socket's name) comes back as it is.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((int(found), 64), strict=False)) if found.version == 6 else address


class Pace:
    """At most ``most`` times in ``seconds`` for one client; one for all threads."""

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def admits(self, client: str) -> bool:
        """Whether the client may do it once more now; counts when it may."""
        now = self._clock()
        with self._lock:
            times = self._times.setdefault(client, deque())
            self._times.move_to_end(client)
            while times and times[0] <= now - self._seconds:
                times.popleft()
            if len(self._times) > _MOST_CLIENTS:
                self._times.popitem(last=False)
            if len(times) >= self._most:
                return False
            times.append(now)
            return True

    def give_back(self, client: str) -> None:
        """Does not count the last time."""
        with self._lock:
            if times := self._times.get(client):
                times.pop()
